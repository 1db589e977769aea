"""Pages as they were fetched, compressed, so that extraction can be run again."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, insert, select

from dragoman.store.checkpoints import (
    FETCH_VERSION,
    clear_work,
    is_settled,
    is_shown,
    set_work,
)
from dragoman.store.columns import AnyRow, as_utc, damaged, decode, encode
from dragoman.store.dialects import upsert
from dragoman.store.opening import Store
from dragoman.store.readable import list_readable
from dragoman.store.schema import items, pages, withdrawals
from dragoman.store.withdrawals import keep_out, lift_withdrawal
from dragoman.types import FeedItem, Page, Stage, WorkState

_LEVEL = 6  # zlib: news pages shrink to about a fifth; 9 takes twice the time for 1% less


def put_page(db: Store, page: Page, *, next_look: datetime | None = None) -> bool:
    """Write a page and tick off its fetching until `next_look`, in one transaction.

    A body that differs from the one before is to be extracted again; what follows goes
    back when the article that comes out differs. A withdrawn article comes back with its
    page. False, and nothing written, where it was taken down for good.
    """
    row = _row(page)
    with db.write() as connection:
        if keep_out(connection, page.id, page.url):
            return False
        before = connection.scalar(select(pages.c.digest).where(pages.c.id == page.id))
        upsert(connection, pages, [row])
        if before != row["digest"]:
            clear_work(connection, [page.id], Stage.EXTRACT)
        _tick_off(connection, page.id, page.fetched, next_look)
    return True


def _row(page: Page) -> dict[str, object]:
    other = page.other
    packed = replace(other, body=zlib.compress(other.body, _LEVEL)) if other else None
    return {
        "id": page.id,
        "source": page.source,
        "host": host_of(page.final_url or page.url),
        "fetched": page.fetched,
        "digest": blake2b(page.body + (other.body if other else b""), digest_size=16).hexdigest(),
        "record": encode(replace(page, body=b"", other=packed)),
        "body": zlib.compress(page.body, _LEVEL),
    }


def keep_page(db: Store, id: str, now: datetime, *, next_look: datetime | None = None) -> None:
    """Tick off the fetching of a page that is as it was, until `next_look`.

    A withdrawn article comes back with it, but not one that was taken down.
    """
    with db.write() as connection:
        if not keep_out(connection, id, ""):
            _tick_off(connection, id, now, next_look)


def _tick_off(connection: Connection, id: str, now: datetime, next_look: datetime | None) -> None:
    lift_withdrawal(connection, id)
    set_work(connection, [id], Stage.FETCH, FETCH_VERSION, WorkState.DONE, now, next_try=next_look)


def put_archived(db: Store, page: Page) -> bool:
    """Write a page that an archive kept, with an entry of its day; false where it is no news.

    That is where the page is had already as it was then or later, and where the article was
    withdrawn or taken down since: an archive brings nothing back.
    """
    with db.write() as connection:
        if keep_out(connection, page.id, page.url) or not _is_shown(connection, page.id):
            return False
        known = connection.scalar(select(pages.c.fetched).where(pages.c.id == page.id))
        if known is not None and known >= as_utc(page.fetched):
            return False
        if connection.scalar(select(items.c.id).where(items.c.id == page.id)) is None:
            entry = FeedItem(page.url) if page.item is None else page.item
            connection.execute(insert(items).values(_entry_of(page, entry)))
            _tick_off(connection, page.id, page.fetched, None)
        upsert(connection, pages, [_row(page)])
        clear_work(connection, [page.id], Stage.EXTRACT)
    return True


def _is_shown(connection: Connection, id: str) -> bool:
    return (
        connection.scalar(select(withdrawals.c.article).where(withdrawals.c.article == id)) is None
    )


def _entry_of(page: Page, entry: FeedItem) -> dict[str, object]:
    return {
        "id": page.id,
        "source": page.source,
        "guid_key": "",
        "first_seen": page.fetched,
        "record": encode(entry),
    }


def hosts(db: Store) -> dict[str, str]:
    """Give the source whose pages each host served; where several did, the one with most."""
    query = (
        select(pages.c.host, pages.c.source)
        .group_by(pages.c.host, pages.c.source)
        .order_by(func.count())
    )
    with db.read() as connection:
        return {row.host: row.source for row in connection.execute(query)}


def host_of(url: str) -> str:
    """Give the host that a page is counted under, with its port where one is named."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return (f"{host}:{port}" if host and port else host)[:255]


def page(db: Store, id: str) -> Page | None:
    """Find the page that an article was, or will be, taken from; raises `DamagedRow`."""
    with db.read() as connection:
        query = select(pages.c.id, pages.c.record, pages.c.body).where(pages.c.id == id)
        row = connection.execute(query).one_or_none()
    return read_page(row) if row else None


def read_page(row: AnyRow) -> Page:
    """Read a page from its row; raises `DamagedRow`."""
    name = f"page of {row.id}"
    page = decode(row.record, Page, name)
    try:
        body, other = zlib.decompress(row.body), page.other
        other = replace(other, body=zlib.decompress(other.body)) if other else None
    except zlib.error as error:
        raise damaged(name, error) from error
    return replace(page, body=body, other=other)


def page_ids_lacking_article(db: Store, version: str, now: datetime, limit: int) -> tuple[str, ...]:
    """List pages that this version of extraction has not been through, oldest first."""
    query = (
        select(pages.c.id)
        .where(~is_settled(pages.c.id, Stage.EXTRACT, version, now), is_shown(pages.c.id))
        .order_by(pages.c.fetched, pages.c.id)
        .limit(limit)
    )
    with db.read() as connection:
        return tuple(connection.scalars(query))


def host_pages(db: Store, host: str, limit: int) -> tuple[Page, ...]:
    """List the pages of a host that were fetched last, newest first: a template's lesson."""
    query = (
        select(pages.c.id, pages.c.record, pages.c.body)
        .where(pages.c.host == host.lower())
        .order_by(pages.c.fetched.desc(), pages.c.id)
    )
    with db.read() as connection:
        return list_readable(connection, query, read_page, limit)
