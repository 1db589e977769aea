"""The addresses that reading programs ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hmac import compare_digest
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from dragoman.publish.reader_feeds import render_reader_atom
from dragoman.store import readers
from dragoman.store.readers import ReaderItem, Stream
from dragoman.web.answers import SECURITY
from dragoman.web.reporting import find_address
from dragoman.web.settings import SiteSettings

from . import answers
from .login import edit_token, is_login, log_in
from .streams import (
    KEPT_UNREAD,
    READ,
    READING_LIST,
    STARRED,
    BadRequest,
    Fields,
    feed_id,
    narrow,
    plain_name,
    read_item_id,
    read_stream,
)

if TYPE_CHECKING:
    from dragoman.store import Store

API = "/reader/api/0"
_MAX_FORM = 2 * 1024 * 1024
_MAX_TEXTS = 250  # items with their texts in one answer; programs ask for the next page
_MAX_IDS = 10_000
_HEADERS = {**dict(SECURITY), "cache-control": "private, no-cache"}


def read_query(request: Request) -> Fields:
    """Read the query of an address."""
    return _read_fields(request.scope["query_string"])


async def read_form(request: Request) -> Fields:
    """Read a form of bounded size."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM:
            raise HTTPException(413, "that is too much at once; send less")
    return _read_fields(bytes(body))


def _read_fields(sent: bytes) -> Fields:
    try:
        return Fields(sent.decode("utf-8", "replace"))
    except BadRequest as error:
        raise HTTPException(400, str(error)) from error


Query = Annotated[Fields, Depends(read_query)]
Form = Annotated[Fields, Depends(read_form)]


def make_router(db: Store, site: SiteSettings) -> APIRouter:
    """Make the router of the Reader API for the user that the settings name."""

    def check_login(request: Request) -> None:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        token = sent.strip().removeprefix("auth=")
        if scheme.lower() != "googlelogin" or not is_login(db, site.reader, token):
            raise HTTPException(401, "log in at /accounts/ClientLogin", dict(_CHALLENGE))

    router = APIRouter(include_in_schema=False)
    _add_login(router, db, site)
    inner = APIRouter(prefix=API, dependencies=[Depends(check_login)])
    _add_lists(inner, db, site)
    _add_streams(inner, db, site)
    _add_changes(inner, db, site)
    _add_stubs(inner)
    router.include_router(inner)
    older = APIRouter(prefix="/reader/atom", dependencies=[Depends(check_login)])
    _add_atom(older, db, site)
    router.include_router(older)
    return router


_CHALLENGE = {"www-authenticate": 'GoogleLogin realm="reader"', **_HEADERS}


def _json(record: Any) -> Response:
    body = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode("utf-8", "replace"), 200, _HEADERS, "application/json")


def _text(text: str, status: int = 200, **headers: str) -> Response:
    return Response(text, status, {**_HEADERS, **headers}, "text/plain; charset=utf-8")


def _add_login(router: APIRouter, db: Store, site: SiteSettings) -> None:
    @router.post("/accounts/ClientLogin")
    def let_in(request: Request, form: Form) -> Response:
        """Let a program in by name and password."""
        peer = request.client.host if request.client else ""
        address = find_address(peer, request.headers, site.trusted_proxies)
        sent = (form.one("Email"), form.one("Passwd"))
        found = log_in(db, site.reader, sent, address, datetime.now(UTC))
        if isinstance(found, float):
            seconds = {"retry-after": str(int(found) + 1)}
            return _text("Error=TooManyAttempts\n", 429, **seconds)
        if not found:
            return _text("Error=BadAuthentication\n", 401)
        lines = {"SID": found, "LSID": "null", "Auth": found}
        if form.one("output") == "json":
            return _json(lines)
        return _text("".join(f"{name}={value}\n" for name, value in lines.items()))


def _add_lists(router: APIRouter, db: Store, site: SiteSettings) -> None:
    @router.get("/token")
    def give_token() -> Response:
        """Give what is sent along with a change."""
        return _text(edit_token(db, site.reader))

    @router.get("/user-info")
    def tell_user() -> Response:
        """Say who is logged in."""
        name = site.reader
        ids = {"userId": "1", "userProfileId": "1"}
        return _json({**ids, "userName": name, "userEmail": "", "isBloggerUser": False})

    @router.get("/subscription/list")
    def list_subscriptions() -> Response:
        """List the feeds."""
        return _json(answers.list_subscriptions(db, site))

    @router.get("/tag/list")
    def list_tags() -> Response:
        """List the folders and states."""
        return _json(answers.list_tags(site))

    @router.get("/unread-count")
    def count_unread() -> Response:
        """Count what is unread."""
        return _json(answers.count_unread(db, site))


def _find_stream(name: str, fields: Fields, site: SiteSettings) -> Stream:
    found = read_stream(name, site.editions)
    if found is None:
        raise HTTPException(404, "there is no such stream; subscription/list names them")
    try:
        return narrow(found, fields)
    except BadRequest as error:
        raise HTTPException(400, str(error)) from error


def _page(
    db: Store, stream: Stream, fields: Fields, most: int
) -> tuple[tuple[ReaderItem, ...], str]:
    """Give a page of a stream, and what continues it, if anything."""
    try:
        limit = max(1, min(fields.number("n", 20) or 20, most))
    except BadRequest as error:
        raise HTTPException(400, str(error)) from error
    found = readers.items_of(db, stream, limit + 1)
    page = found[:limit]
    return page, str(page[-1].number) if len(found) > limit else ""


def _add_streams(router: APIRouter, db: Store, site: SiteSettings) -> None:
    def give_contents(request: Request, name: str, fields: Fields) -> Response:
        page, rest = _page(db, _find_stream(name, fields, site), fields, _MAX_TEXTS)
        record = {
            "direction": "ltr",
            "id": plain_name(name),
            "title": site.title,
            "self": [{"href": f"{site.base_url.rstrip('/')}{request.url.path}"}],
            "updated": page[0].number // 1_000_000 if page else 0,
            "items": answers.describe_items(answers.show_items(db, site, page)),
        }
        return _json(record | ({"continuation": rest} if rest else {}))

    @router.get("/stream/contents")
    def read_contents(request: Request, query: Query) -> Response:
        """Give the items of the stream named in the query."""
        return give_contents(request, query.one("s") or READING_LIST, query)

    @router.get("/stream/contents/{name:path}")
    def read_named_contents(request: Request, name: str, query: Query) -> Response:
        """Give the items of a stream."""
        return give_contents(request, name, query)

    @router.get("/stream/items/ids")
    def list_ids(query: Query) -> Response:
        """Give the numbers of a stream's items."""
        page, rest = _page(db, _find_stream(query.one("s"), query, site), query, _MAX_IDS)
        refs = [
            {
                "id": str(item.number),
                "directStreamIds": [feed_id(item.into, item.source)],
                "timestampUsec": str(item.number),
            }
            for item in page
        ]
        return _json({"itemRefs": refs} | ({"continuation": rest} if rest else {}))

    @router.get("/stream/items/count")
    def count_items(query: Query) -> Response:
        """Count the items of a stream."""
        return _text(str(readers.count_items(db, _find_stream(query.one("s"), query, site))))

    def give_items(fields: Fields) -> Response:
        numbers = _read_ids(fields)
        known = readers.items_by_number(db, numbers)
        found = [known[number] for number in dict.fromkeys(numbers) if number in known]
        items = answers.describe_items(answers.show_items(db, site, found))
        return _json({"direction": "ltr", "id": "items", "title": site.title, "items": items})

    @router.get("/stream/items/contents")
    def read_items(query: Query) -> Response:
        """Give the items that the query names."""
        return give_items(query)

    @router.post("/stream/items/contents")
    def read_sent_items(form: Form) -> Response:
        """Give the items that a form names."""
        return give_items(form)


def _read_ids(fields: Fields) -> list[int]:
    sent = fields.all("i")
    if len(sent) > _MAX_IDS:
        raise HTTPException(413, f"at most {_MAX_IDS} items at once")
    try:
        return [read_item_id(text) for text in sent]
    except BadRequest as error:
        raise HTTPException(400, str(error)) from error


def _add_changes(router: APIRouter, db: Store, site: SiteSettings) -> None:
    def check_token(form: Form) -> None:
        """Refuse a token that ran out; programs then fetch the next one."""
        sent = form.one("T").encode("utf-8", "replace")
        if sent and not compare_digest(sent, edit_token(db, site.reader).encode()):
            bad = {**_HEADERS, "x-reader-google-bad-token": "true"}
            raise HTTPException(401, "fetch a new token at /reader/api/0/token", bad)

    @router.post("/edit-tag")
    def edit_tag(form: Form) -> Response:
        """Mark items as read or starred, or take the mark away."""
        check_token(form)
        given, taken = (set(map(plain_name, form.all(name))) for name in ("a", "r"))
        is_read = READ in given or (False if {READ} & taken or KEPT_UNREAD in given else None)
        is_starred = STARRED in given or (False if STARRED in taken else None)
        readers.mark(db, _read_ids(form), is_read=is_read, is_starred=is_starred)
        return _text("OK")

    @router.post("/mark-all-as-read")
    def mark_all(form: Form) -> Response:
        """Mark a whole stream as read, up to a time."""
        check_token(form)
        stream = _find_stream(form.one("s"), Fields(""), site)
        try:
            until = form.number("ts")
        except BadRequest as error:
            raise HTTPException(400, str(error)) from error
        readers.mark_all_read(db, replace(stream, until=_as_microseconds(until)))
        return _text("OK")


def _as_microseconds(at: int | None) -> int | None:
    """Read a time in microseconds; some programs write seconds or milliseconds."""
    if not at:
        return None
    while at < 10**14:
        at *= 1000
    return at


def _add_stubs(router: APIRouter) -> None:
    """Answer what programs ask for without needing it."""
    empty: dict[str, dict[str, Any]] = {
        "/preference/list": {"prefs": []},
        "/preference/stream/list": {"streamprefs": {}},
        "/friend/list": {"friends": []},
    }

    def say(record: dict[str, Any]) -> Callable[[], Response]:
        return lambda: _json(record)

    for path, record in empty.items():
        router.add_api_route(path, say(record))
    for path in ("/preference/set", "/preference/stream/set"):
        router.add_api_route(path, lambda: _text("OK"), methods=["POST"])

    def refuse() -> Response:
        return _text("the feeds here are chosen by who runs this site", 403)

    for path in ("subscription/edit", "subscription/quickadd", "rename-tag", "disable-tag"):
        router.add_api_route(f"/{path}", refuse, methods=["POST"])


def _add_atom(router: APIRouter, db: Store, site: SiteSettings) -> None:
    @router.get("/{name:path}")
    def read_atom(name: str, query: Query) -> Response:
        """Give the items of a stream as Atom, for older programs."""
        page, rest = _page(db, _find_stream(name, query, site), query, _MAX_TEXTS)
        entries = answers.write_entries(answers.show_items(db, site, page))
        body = render_reader_atom(plain_name(name), site.title, entries, rest)
        return Response(body, 200, _HEADERS, "application/atom+xml; charset=utf-8")
