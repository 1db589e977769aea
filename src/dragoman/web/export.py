"""Write the public site as a folder of files: the same answers, for any static host."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman import publish
from dragoman.errors import ConfigError
from dragoman.store import articles, corrections, editions, sources, stories
from dragoman.web import pagefind, views
from dragoman.web.assets import by_path
from dragoman.web.cards import can_draw
from dragoman.web.fronts import list_sections
from dragoman.web.making import file_of, make_files
from dragoman.web.origins import origin_of, trace_pages
from dragoman.web.settings import SiteSettings

if TYPE_CHECKING:
    from dragoman.store import Store

MARKER = ".dragoman-export"  # in a folder that is ours to replace: what its pages are made of
FORMS = ("rss", "atom", "json")

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD

Progress = Callable[[int, int, str], None]  # (done, of about so many, address)


@dataclass(frozen=True, slots=True)
class ExportTally:
    """What an export did, in files."""

    written: int = 0  # new or changed
    unchanged: int = 0
    removed: int = 0
    is_searched: bool = False  # Pagefind indexed it

    @property
    def files(self) -> int:
        """How many files the site has."""
        return self.written + self.unchanged


def export_site(
    db: Store,
    site: SiteSettings,
    folder: Path,
    progress: Progress | None = None,
) -> ExportTally:
    """Write every page of the site as a file and put the folder in place of the one before.

    The new site grows beside the old one, which stays whole and served until the two are
    exchanged. Files that did not change are linked over with their times; those of articles and
    stories are not even made again while all that they are made of is the same. Raises
    `ConfigError` where the folder holds something else. Where Pagefind is installed, browsers
    can search the site.
    """
    folder = folder.absolute()
    has_search = site.has_search and pagefind.find_program() is not None
    has_search = has_search and bool(articles.newest_ids(db, 1))  # it makes no index of nothing
    site = replace(site, is_static=True, has_search=has_search)
    _recover(folder)
    _check_folder(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
    try:
        tally = _fill(db, site, folder, fresh, progress)
        fresh.chmod(0o755)
        _put_in_place(fresh, folder)
    except OSError as error:
        raise ConfigError(
            f"{folder} cannot be written: {error.strerror}; mend that and export again; the site "
            "that stood there is as it was"
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return tally


def list_addresses(db: Store, site: SiteSettings) -> Iterator[str]:
    """List every address of the site, one by one."""
    yield "/"
    yield "/robots.txt"
    yield "/sitemap.xml"
    yield "/sitemap-news.xml"
    yield "/.well-known/tdmrep.json"
    yield "/worker.js"
    yield from by_path()
    pages = -(-stories.count_stories(db) // site.page_size)
    ids = stories.story_ids(db, limit=pages * site.page_size) if pages else ()
    found = articles.newest_ids(db)
    days = editions.days(db)
    sections = list_sections(editions.count_by_section(db))
    known = [source.id for source in sources.sources(db, with_removed=True)]
    for language in site.editions:
        root = f"/{language}/"
        yield root
        yield f"{root}about/"
        yield f"{root}contact/"
        yield f"{root}manifest.webmanifest"
        yield f"{root}feeds.opml"
        if site.has_search:
            yield f"{root}search/"
        if can_draw(language):
            yield f"{root}card.png"
        for name in sections:
            yield f"{root}section/{name}/"
            yield from (f"{root}section/{name}/feed.{form}" for form in FORMS)
        yield from (f"{root}day/{day.isoformat()}/" for day in days)
        yield from _corrections_of(db, site, language)
        yield from (f"{root}page/{number}/" for number in range(2, pages + 1))
        yield from (f"{root}feed.{form}" for form in FORMS)
        for id in ids:
            yield f"{root}story/{id}/"
            yield from (f"{root}story/{id}/feed.{form}" for form in FORMS)
        yield from (f"{root}article/{id}/" for id in found)
        for id in known:
            yield f"{root}source/{id}/"
            yield from (f"{root}source/{id}/feed.{form}" for form in FORMS)


def _corrections_of(db: Store, site: SiteSettings, language: str) -> Iterator[str]:
    root = f"/{language}/corrections/"
    pages = -(-corrections.count_corrections(db, language) // site.page_size)
    yield root
    yield from (f"{root}page/{number}/" for number in range(2, pages + 1))
    yield from (f"{root}feed.{form}" for form in FORMS)


class _Folder:
    """A site that grows beside the one before it."""

    def __init__(self, old: Path, fresh: Path) -> None:
        self.old = old
        self.fresh = fresh
        self.names: set[str] = set()
        self.written = 0
        self.unchanged = 0
        self.changed_articles = 0

    def put(self, name: str, body: bytes) -> None:
        """Write a file, or link the old one over where it is the same."""
        self.names.add(name)
        if _place(self.old / name, self.fresh / name, body):
            self.unchanged += 1
        else:
            self.written += 1
            self.changed_articles += "/article/" in name

    def keep(self, name: str) -> bool:
        """Link an old file over as it is; false where there is none."""
        old = self.old / name
        if not old.is_file():
            return False
        self.names.add(name)
        self.unchanged += 1
        _link(old, self.fresh / name)
        return True

    def removed(self) -> list[str]:
        """List the files that the old site had and this one has not."""
        if not self.old.is_dir():
            return []
        had = (str(file.relative_to(self.old)) for file in self.old.rglob("*") if file.is_file())
        return [name for name in had if name not in self.names]


def _fill(
    db: Store, site: SiteSettings, old: Path, fresh: Path, progress: Progress | None
) -> ExportTally:
    addresses = list(list_addresses(db, site))
    folder = _Folder(old, fresh)
    origins, before = trace_pages(db, site), _read_origins(old)
    same = {page for page, origin in origins.items() if before.get(page) == origin}
    asked = [
        address
        for address in addresses
        if not (origin_of(address) in same and folder.keep(file_of(address)))
    ]
    done = len(addresses) - len(asked)
    for number, (address, files) in enumerate(
        zip(asked, make_files(db, site, asked), strict=True), done + 1
    ):
        for name, body in files:
            folder.put(name, body)
        if progress:
            progress(number, len(addresses), address)
    missing = publish.render_error(views.build_error(site, site.editions[0], 404))
    folder.put("404.html", missing.encode())
    folder.put(MARKER, json.dumps(origins, indent=0).encode())
    if site.has_search:
        _put_index(folder)
    return ExportTally(
        folder.written, folder.unchanged, len(folder.removed()), is_searched=site.has_search
    )


def _read_origins(folder: Path) -> dict[str, str]:
    """Read what the pages of a site were made of; nothing where that is not known."""
    try:
        found = json.loads((folder / MARKER).read_bytes() or b"{}")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _put_index(folder: _Folder) -> None:
    """Put the index of the search, made again only where an article's page changed or went."""
    program = pagefind.find_program()
    if program is None:
        return
    state = pagefind.name_state().encode()
    went = any("/article/" in name for name in folder.removed())
    if _holds(folder.old / pagefind.STATE, state) and not (folder.changed_articles or went):
        for file in sorted((folder.old / pagefind.FOLDER).rglob("*")):
            if file.is_file():
                folder.put(str(file.relative_to(folder.old)), file.read_bytes())
        return
    with tempfile.TemporaryDirectory(prefix=".index-", dir=folder.fresh) as made:
        for name, body in pagefind.write_index(program, folder.fresh, Path(made)):
            folder.put(name, body)
    folder.put(pagefind.STATE, state)


def _place(old: Path, fresh: Path, body: bytes) -> bool:
    """Write a file, or link the old one over; say whether it is the same."""
    if _holds(old, body):
        _link(old, fresh)
        return True
    fresh.parent.mkdir(parents=True, exist_ok=True)
    fresh.write_bytes(body)
    return False


def _link(old: Path, fresh: Path) -> None:
    fresh.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, fresh)
    except OSError:  # a file system without links
        shutil.copy2(old, fresh)


def _holds(file: Path, body: bytes) -> bool:
    try:
        return file.stat().st_size == len(body) and file.read_bytes() == body
    except OSError:
        return False


def _check_folder(folder: Path) -> None:
    if folder.is_symlink():
        raise ConfigError(f"{folder} is a link; export to the folder that it leads to")
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder} is a file; name a folder to export to")
    is_ours = not folder.exists() or (folder / MARKER).exists() or not any(folder.iterdir())
    if not is_ours:
        raise ConfigError(f"{folder} holds files that no export wrote; name an empty or new folder")


def _backup_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _recover(folder: Path) -> None:
    """Clear up after an export that was cut off: the old site comes back if it had been moved."""
    backup = _backup_of(folder)
    if backup.is_dir() and not folder.exists():
        backup.rename(folder)
    shutil.rmtree(backup, ignore_errors=True)
    for left in folder.parent.glob(f".{folder.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Exchange the folders at once where the system can, else by two renames."""
    if not folder.exists():
        fresh.rename(folder)
    elif not _exchange(fresh, folder):
        backup = _backup_of(folder)
        folder.rename(backup)
        fresh.rename(folder)
        shutil.rmtree(backup, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done: int = rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
    return done == 0
