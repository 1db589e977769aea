"""What a site offers beside its news: how it works, contact, choices, pictures, files."""

from __future__ import annotations

from urllib.parse import quote

from dragoman import publish
from dragoman.web import views
from dragoman.web.about import build_about, build_contact
from dragoman.web.answers import (
    DAILY,
    FOREVER,
    VARY,
    Answer,
    Visit,
    give_file,
    give_page,
    redirect,
)
from dragoman.web.assets import by_path
from dragoman.web.offline import write_manifest, write_worker
from dragoman.web.pictures import MEDIA_TYPE, find_picture
from dragoman.web.reading import ask, build_reading, find_reads, write_cookie


def give_about(visit: Visit) -> Answer:
    """Say how the site works."""
    view = build_about(visit.db, visit.settings, visit.language)
    return give_page(publish.render_about(view), view.frame)


def give_contact(visit: Visit) -> Answer:
    """Say whom to write to."""
    view = build_contact(visit.settings, visit.language)
    return give_page(publish.render_contact(view), view.frame)


def give_reading(visit: Visit) -> Answer | None:
    """Let the reader choose languages; a choice is sent by GET, so that it needs no secret."""
    if visit.settings.is_static:
        return None
    root = f"/{visit.language}/languages/"
    if ask(visit.query, "save") is not None:
        asked = ",".join(ask(visit.query, "read") or ())
        chosen = find_reads(f"read={quote(asked)}", {})
        is_secure = visit.settings.base_url.startswith("https:")
        cookie = write_cookie(chosen, is_secure=is_secure)
        return redirect(f"{root}?saved=1", status=303, extra=(("set-cookie", cookie),))
    chosen = visit.reads
    is_saved = ask(visit.query, "saved") is not None
    view = build_reading(visit.db, visit.settings, visit.language, chosen, is_saved=is_saved)
    return give_page(publish.render_reading(view), view.frame, extra=VARY)


def give_picture(visit: Visit, id: str, digest: str) -> Answer | None:
    """Give a picture of an article, where its source allows it."""
    body = find_picture(visit.db, visit.settings, id, digest)
    return give_file(body, MEDIA_TYPE, DAILY) if body else None


def give_worker(visit: Visit) -> Answer:
    """Give the worker that keeps the last edition."""
    # Its address cannot carry a hash: browsers look here for the next version.
    return give_file(write_worker(visit.settings.editions), "text/javascript; charset=utf-8")


def give_manifest(visit: Visit) -> Answer:
    """Give the manifest of an edition."""
    text = write_manifest(views.describe_site(visit.settings), visit.language)
    return give_file(text, "application/manifest+json")


def give_static(visit: Visit, path: str) -> Answer | None:
    """Give a file by its address, which has a hash of it."""
    asset = by_path().get(path)
    return give_file(asset.body, asset.media_type, FOREVER) if asset else None
