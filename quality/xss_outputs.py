"""Every output of a relay that holds vectors: public pages, feeds, files, the API, the desk."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from argon2 import PasswordHasher
from lxml import etree
from starlette.testclient import TestClient

from dragoman.cli.relaying import make_server, site_settings
from dragoman.config import Settings
from dragoman.desk import create_desk, door
from dragoman.desk.board import Desk, Role
from dragoman.sanitize import clean_text
from dragoman.store import Store, articles, desk_audit, desk_users, reports, stories
from dragoman.store.reports import Report
from dragoman.types import ReportKind
from dragoman.web import answer, create_app
from dragoman.web.export import export_site
from dragoman.web.reader.login import set_password
from quality.xss_press import source_id

EDITION = "pt"
LIVE = 40  # vectors whose pages are opened as a reader opens them, of each store
_PASSWORD = "four words not belonging"
_ASKED = 1000  # characters of a vector in an address: some have thousands
_HTML = ("description", "encoded")  # in RSS; in Atom what says so
_FORMS = ("rss", "atom", "json")


@dataclass(frozen=True)
class Shown:
    """A document that a browser may show."""

    output: str
    address: str
    html: str
    number: int = -1  # of its vector; -1: it may hold any

    def seen(self, sought: Mapping[int, str]) -> list[int]:
        """Give the vectors that stand in it, of those sought by their first words."""
        text = " ".join(unescape(self.html).split())
        numbers = [self.number] if self.number >= 0 else sought
        return [number for number in numbers if number in sought and sought[number] in text]


def first_words(vectors: Sequence[str]) -> dict[int, str]:
    """Give what each vector is known by in a document; some are known by nothing."""
    words = {number: clean_text(vector)[:40] for number, vector in enumerate(vectors)}
    return {number: first for number, first in words.items() if first}


def list_outputs(
    db: Store, settings: Settings, vectors: Sequence[str], folder: Path
) -> Iterator[Shown]:
    """Give every document of every output."""
    ids = ids_by_vector(db, len(vectors))
    yield from _list_site(db, settings, vectors, ids)
    yield from _list_feeds(db, settings, vectors)
    yield from _list_api(db, settings)
    yield from _list_desk(db, settings, vectors, ids)
    export_site(db, site_settings(settings), folder)
    for file in folder.rglob("*.html"):
        yield Shown("exported pages", str(file.relative_to(folder)), file.read_text("utf-8"))


def ids_by_vector(db: Store, count: int) -> dict[int, str]:
    """Give the articles that came through, by the number of their vector."""
    found = {one.source: one.id for one in articles.articles(db, limit=100_000)}
    return {n: found[source_id(n)] for n in range(count) if source_id(n) in found}


def _ask(db: Store, settings: Settings, path: str, query: str = "") -> str:
    found = answer(db, site_settings_of(settings), path, query=query)
    return found.body.decode("utf-8", "replace") if found.status != 302 else ""


_SITES: dict[Path, Any] = {}


def site_settings_of(settings: Settings) -> Any:
    """Give the site's settings, made once: each makes a worker for pictures."""
    if settings.data not in _SITES:
        _SITES[settings.data] = site_settings(settings)
    return _SITES[settings.data]


def _list_site(
    db: Store, settings: Settings, vectors: Sequence[str], ids: dict[int, str]
) -> Iterator[Shown]:
    root = f"/{EDITION}"
    today = datetime.now(UTC).date().isoformat()
    for place in ("/", f"{root}/", f"{root}/about/", f"{root}/contact/", f"{root}/languages/",
                  f"{root}/corrections/", f"{root}/day/{today}/"):  # fmt: skip
        yield Shown("front and other pages", place, _ask(db, settings, place))
    number = 2
    while answer(db, site_settings_of(settings), f"{root}/page/{number}/").status == 200:
        place = f"{root}/page/{number}/"
        yield Shown("front and other pages", place, _ask(db, settings, place))
        number += 1
    for id in stories.story_ids(db, limit=100_000):
        yield Shown("story pages", id, _ask(db, settings, f"{root}/story/{id}/"))
    for n, vector in enumerate(vectors):
        asked = quote(vector, safe="", errors="replace")
        found = {
            "source pages": (f"{root}/source/{source_id(n)}/", ""),
            "search pages": (f"{root}/search/", f"q={asked}&source={asked}&after={asked}"),
            "error pages": (f"{root}/{vector}", f"next={asked}"),
            "error pages, plain": (f"/{vector}", asked),
        }
        if n in ids:
            found["article pages"] = (f"{root}/article/{ids[n]}/", "")
            found["report forms"] = (f"{root}/article/{ids[n]}/report/", f"segment={asked}")
        for output, (path, query) in found.items():
            yield Shown(output, f"{n}", _ask(db, settings, path, query), n)


def _list_feeds(db: Store, settings: Settings, vectors: Sequence[str]) -> Iterator[Shown]:
    """Give what is HTML in feeds, which must be well formed; the other fields are plain text."""
    for form in _FORMS:
        places = [(f"/{EDITION}/feed.{form}", "")]
        places += [
            (f"/{EDITION}/source/{source_id(n)}/feed.{form}", "") for n in range(len(vectors))
        ]
        places += [(f"/{EDITION}/search/feed.{form}", "q=harbour")]
        for path, query in places:
            text = _ask(db, settings, path, query)
            for part in _html_of_feed(text, form):
                yield Shown(f"feeds, {form}", path, part)
    for path in ("/sitemap.xml", "/sitemap-news.xml", f"/{EDITION}/feeds.opml"):
        etree.fromstring(_ask(db, settings, path).encode())


def _html_of_feed(text: str, form: str) -> list[str]:
    if form == "json":
        items = json.loads(text)["items"]
        return [str(item["content_html"]) for item in items if "content_html" in item]
    root = etree.fromstring(text.encode())
    return [
        "".join(map(str, node.itertext()))
        for node in root.iter(etree.Element)
        if (etree.QName(node).localname in _HTML and _is_in_item(node))
        or node.get("type") in ("html", "xhtml")
    ]


def _is_in_item(node: etree._Element) -> bool:
    """Whether a field is an item's: what a channel says of itself is plain text."""
    above = (etree.QName(one).localname for one in node.iterancestors())
    return any(name in ("item", "entry") for name in above)


def _list_api(db: Store, settings: Settings) -> Iterator[Shown]:
    """Give what the Google Reader API calls HTML; the read API gives none."""
    set_password(db, settings.reader.user, _PASSWORD)
    client = TestClient(create_app(db, site_settings_of(settings)), base_url=settings.site.base_url)
    sent = {"Email": settings.reader.user, "Passwd": _PASSWORD}
    said = client.post("/accounts/ClientLogin", data=sent).text
    token = dict(line.partition("=")[::2] for line in said.split())["Auth"]
    head = {"authorization": f"GoogleLogin auth={token}"}
    more = ""
    while True:
        path = f"/reader/api/0/stream/contents/user/-/state/com.google/reading-list?n=200&c={more}"
        found = client.get(path, headers=head).json()
        for item in found["items"]:
            yield Shown("Google Reader API", str(item["id"]), item["summary"]["content"])
        more = found.get("continuation", "")
        if not more:
            return


def _list_desk(
    db: Store, settings: Settings, vectors: Sequence[str], ids: dict[int, str]
) -> Iterator[Shown]:
    client = _enter_desk(db, settings, vectors, ids)
    places = [path for path in _fixed_pages(client) if not path.startswith("/api/")]
    for name in ("sources", "failures", "translations", "stories", "audit", "terminology"):
        places += [f"/{name}?page={number}" for number in range(2, 2 + len(vectors) // 20)]
    for path in places:
        if not path.endswith((".opml", ".csv", ".tbx")):
            yield Shown("desk, lists", path, _look(client, path))
    groups = {one.article: one.story for one in stories.groupings(db)}
    for n, vector in enumerate(vectors):
        asked = quote(vector[:_ASKED], safe="", errors="replace")
        found = {
            "desk, sources": f"/sources/{source_id(n)}",
            "desk, queries": f"/audit?user={asked}&action={asked}&what={asked}&month={asked}",
            "desk, terminology": f"/terminology?find={asked}",
        }
        if n in ids:
            found |= {
                "desk, articles": f"/articles/{ids[n]}",
                "desk, translations": f"/translations/{ids[n]}/{EDITION}",
                "desk, stories": f"/stories/{groups.get(ids[n], 'x')}",
            }
        for output, path in found.items():
            yield Shown(output, path, _look(client, path), n)


def _enter_desk(
    db: Store, settings: Settings, vectors: Sequence[str], ids: dict[int, str]
) -> TestClient:
    """Log in as an operator, when readers have reported and people have done things."""
    now = datetime.now(UTC)
    for n, vector in enumerate(vectors):
        deed = desk_audit.Deed(now, vector, vector, vector, "x.y", vector, vector, vector, vector)
        desk_audit.note(db, deed)
        if n in ids:
            kind = next(iter(ReportKind))
            report = Report(ids[n], EDITION, kind, words=vector, suggestion=vector,
                            source=vector, shown=vector)  # fmt: skip
            reports.take_report(db, report, f"198.51.{n // 250}.{n % 250}", now)
    door.add_user(db, "ann", Role.OPERATOR, now)
    desk_users.set_password(db, "ann", PasswordHasher().hash(_PASSWORD))
    app = create_desk(db, settings)
    client = TestClient(app, base_url=f"http://127.0.0.1:{settings.desk.port}")
    key = door.begin_session(Desk(db, settings, None, lambda: now), "ann", "1.2.3.4", "")
    client.cookies.set(f"desk-{settings.desk.port}", key)
    return client


def _look(client: TestClient, path: str) -> str:
    found = client.get(path)
    if found.status_code not in (200, 404, 422) or "/login" in str(found.url):
        raise RuntimeError(f"the desk answers {found.status_code} to {path}")
    return found.text


def _fixed_pages(client: TestClient) -> list[str]:
    routes = getattr(client.app, "routes", ())
    found = [one.path for one in routes if "GET" in one.methods and "{" not in one.path]
    return [path for path in found if path not in ("/login", "/metrics")]


@contextmanager
def serving(db: Store, settings: Settings) -> Iterator[str]:
    """Serve the site, and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    home = f"http://127.0.0.1:{port}"
    section = settings.site.model_copy(update={"port": port, "base_url": home})
    server = make_server(settings.model_copy(update={"site": section}), db, is_leaving_signals=True)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield home
    server.should_exit = True
    thread.join()


def list_live(db: Store, settings: Settings, vectors: Sequence[str], home: str) -> Iterator[str]:
    """Give addresses to open as a reader does: one of each kind, and pages of some vectors."""
    root = f"{home}/{EDITION}"
    yield from (f"{root}/", f"{root}/search/?q=harbour", f"{home}/sitemap.xml")
    yield from (f"{root}/feed.{form}" for form in _FORMS)
    yield from (f"{root}/feeds.opml", f"{root}/opensearch.xml", f"{home}/sitemap-news.xml")
    for path in (
        "articles?limit=100",
        "stories?limit=100",
        "sources",
        "search?q=harbour&edition=pt",
    ):
        yield f"{home}/api/v1/{path}"
    ids = ids_by_vector(db, len(vectors))
    for n in range(0, len(vectors), max(1, len(vectors) // LIVE)):
        asked = quote(vectors[n][:_ASKED], safe="", errors="replace")
        yield f"{root}/{asked}"
        yield f"{root}/search/?q={asked}"
        yield f"{root}/source/{source_id(n)}/"
        yield f"{root}/source/{source_id(n)}/feed.atom"
        if n in ids:
            yield f"{root}/article/{ids[n]}/"
            yield f"{home}/api/v1/articles/{ids[n]}"
