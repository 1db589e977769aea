"""Groups of records out of a WARC file: how it is cut, and the articles of one group.

These functions run in workers. A group begins at a page and is named by where that begins, so
that the same archive is always cut alike. It holds so many records that pages of one host meet
in it, from which extraction learns what recurs there.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import structlog

from dragoman import extract, ingest, link
from dragoman.archives.places import MakeFetcher, open_archive
from dragoman.archives.tables import SIZE, Row, article_row, write_rows
from dragoman.errors import DragomanError, FetchError
from dragoman.types import Article, LinkInput, Page

log = structlog.get_logger(__name__)

LEAD = 1600  # characters of a text that linking reads, as in the relay
_GROUP_BYTES = 64_000_000  # of pages, unpacked, that a group holds at most
_LEAST = 50  # pages that a group need not go below
_REST = 3  # groups that what is left gives at least: the last ones end together


@dataclass(frozen=True, slots=True)
class Group:
    """The records of an archive that begin between two positions."""

    archive: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """The group's name in file names."""
        return f"{digest_of(self.archive)}-{self.start:014d}"


@dataclass(frozen=True, slots=True)
class Part:
    """What a worker has made: a Parquet file for each table, and counts."""

    files: dict[str, bytes]
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """How archives are read: through which fetcher, and the largest record."""

    make_fetcher: MakeFetcher
    max_bytes: int


def digest_of(text: str) -> str:
    """Give a short name for a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def record_of(archive: str, offset: int) -> str:
    """Give the id of a record: from its archive's name and its position in it."""
    return digest_of(f"{archive}\n{offset}")


def cut_archive(archive: str, source: Source, records: int, size: int) -> list[Group]:
    """Cut an archive into groups of so many pages; all of it is read once for that.

    The last groups are smaller, so that no worker is long alone with one. Raises `FetchError`
    where it is no WARC file, or is packed so that it cannot be cut.
    """
    starts = [0]
    pages = count = weight = 0
    with open_archive(archive, source.make_fetcher) as file:
        for step in ingest.read_archive(file, archive, max_bytes=source.max_bytes):
            page = step.found if isinstance(step.found, Page) else None
            left = pages * (size / step.position - 1) if step.position else records * _REST
            most = min(records, max(_LEAST, left / _REST))
            if page and (count >= most or weight >= _GROUP_BYTES):
                starts.append(step.position)
                count = weight = 0
            pages += 1
            count += 1
            weight += len(page.body) if page else 0
        if not all(ingest.begins_record(file, start) for start in starts):
            raise FetchError(
                f"{archive}: it is packed as a whole, so it cannot be read in pieces; repack it "
                "record by record (`warcio recompress`)",
                permanent=True,
            )
    ends = [*starts[1:], max(size, starts[-1] + 1)]
    return [Group(archive, start, end) for start, end in zip(starts, ends, strict=True)]


def list_pages(group: Group, source: Source) -> list[tuple[int, str]]:
    """List the pages of a group: where each begins, and its address."""
    with open_archive(group.archive, source.make_fetcher) as file:
        return [(at, page.url) for at, page in _read(file, group, source, [])]


def probe_page(group: Group, source: Source, offset: int) -> None:
    """Take the article out of one page, to see whether that kills the worker."""
    one = Group(group.archive, offset, offset + 1)
    with open_archive(group.archive, source.make_fetcher) as file:
        for at, page in _read(file, one, source, []):
            _extract(page, None, _place(group.archive, at, page.url))


def read_group(group: Group, source: Source, skipped: Mapping[int, Row]) -> Part:
    """Make the tables of a group: articles, their vectors, and what failed.

    ``skipped`` gives by their positions the failures of pages that killed a worker before.
    """
    failures: list[Row] = []
    pages: list[tuple[int, Page]] = []
    with open_archive(group.archive, source.make_fetcher) as file:
        for at, page in _read(file, group, source, failures):
            if at in skipped:
                failures.append(dict(skipped[at]))
            else:
                pages.append((at, page))
    templates = _learn([page for _, page in pages])
    rows: list[Row] = []
    inputs: list[LinkInput] = []
    for at, page in pages:
        place = _place(group.archive, at, page.url)
        found = _extract(page, templates.get(_host(page)), place)
        if isinstance(found, Article):
            rows.append(article_row(found, group.archive, place["record"], at, _host(page)))
            inputs.append(link_input(found))
        else:
            failures.append(found)
    vectors = _embed(rows, inputs)
    failures.sort(key=lambda row: (row["offset"], row["stage"]))
    files = {"articles": rows, "vectors": vectors, "failures": failures}
    return Part(
        {table: write_rows(table, found) for table, found in files.items() if found},
        {"articles": len(rows), "failures": len(failures)},
    )


def _read(
    file: object, group: Group, source: Source, failures: list[Row]
) -> list[tuple[int, Page]]:
    pages = []
    for step in ingest.read_archive(
        file,  # type: ignore[arg-type]
        group.archive,
        max_bytes=source.max_bytes,
        start=group.start,
        end=group.end,
    ):
        if isinstance(step.found, Page):
            pages.append((step.position, step.found))
        else:
            place = _place(group.archive, step.position, "")
            failures.append(place | {"kind": "FetchError", "message": step.found.message})
    return pages


def _place(archive: str, offset: int, url: str, stage: str = "read") -> Row:
    """Begin the row of a failure."""
    record = record_of(archive, offset)
    return {"record": record, "archive": archive, "offset": offset, "url": url, "stage": stage}


def failure_row(group: Group, offset: int, url: str, error: Exception) -> Row:
    """Give the failure of a page that killed a worker."""
    place = _place(group.archive, offset, url, "extract")
    return place | {"kind": type(error).__name__, "message": str(error)}


def _host(page: Page) -> str:
    return (urlsplit(page.url).hostname or "").removeprefix("www.")


def _learn(pages: Sequence[Page]) -> dict[str, extract.Template]:
    hosts: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        hosts[_host(page)].append(page)
    found = {}
    for host, some in hosts.items():
        if len(some) < 3:  # what recurs is not known from two
            continue
        try:
            found[host] = extract.learn_template(sorted(some, key=lambda page: page.fetched))
        except Exception:  # what nobody foresaw: the pages are taken as they are
            log.exception("no lesson", host=host)
    return found


def _extract(page: Page, template: extract.Template | None, place: Row) -> Article | Row:
    """Give a page's article, or its failure."""
    host = _host(page)
    owned = replace(page, source=host, id=ingest.article_id(host, page.url))
    stated = place | {"stage": "extract"}
    try:
        return replace(extract.extract_article(owned, template), fetched=page.fetched)
    except DragomanError as error:
        return stated | {"kind": type(error).__name__, "message": str(error)}
    except Exception as error:  # parsers have bugs, and pages are hostile: it costs this one
        log.exception("unforeseen", url=page.url)
        return stated | {"kind": type(error).__name__, "message": f"unforeseen: {error}"}


def link_input(article: Article, vector: bytes = b"") -> LinkInput:
    """Give what linking reads of an article."""
    moment = article.published.moment
    at = moment.at if moment else article.fetched or datetime.min.replace(tzinfo=UTC)
    return LinkInput(
        article.id, article.url, article.language, article.title, article.text[:LEAD], at,
        article.source, vector,
    )  # fmt: skip


def _embed(rows: Sequence[Row], inputs: Sequence[LinkInput]) -> list[Row]:
    import numpy as np

    found = []
    for row, vector in zip(rows, link.embed(inputs), strict=True):
        figures = np.frombuffer(vector, dtype=np.float16).astype(np.float32)
        if len(figures) == SIZE:
            named = {"record": row["record"], "article": row["article"]}
            found.append(named | {"vector": figures.tolist()})
    return found
