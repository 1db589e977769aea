"""The addresses of the read API, with what each takes and gives."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BeforeValidator

from dragoman.store import stories as groups
from dragoman.store.listings import Place, Wanted
from dragoman.store.withdrawals import is_withdrawn
from dragoman.web.answers import Answer, finish
from dragoman.web.settings import SiteSettings

from . import reading, records, stories
from .cursors import read_cursor
from .searching import add_search

if TYPE_CHECKING:
    from dragoman.store import Store

ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$"

Id = Annotated[str, Path(pattern=ID)]
Edition = Annotated[
    str | None, Query(max_length=35, description="Language of the edition; the first by default")
]
Cursor = Annotated[
    str | None, Query(max_length=300, description="`next` of the page before this one")
]
Limit = Annotated[int, Query(ge=1, le=200)]


def _refuse_number(text: str) -> str:
    """Refuse seconds since 1970, which would pass for a time otherwise."""
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        raise ValueError("write a time as in RFC 3339, for example 2026-11-20T12:00:00Z")
    return text


Time = Annotated[datetime, BeforeValidator(_refuse_number)]

_Answers = dict[int | str, dict[str, Any]]
UNCHANGED: _Answers = {304: {"description": "Unchanged since the ETag in If-None-Match"}}
BUSY: _Answers = {503: {"model": records.Problem, "description": "Try again in a moment"}}
MISSING: _Answers = {404: {"model": records.Problem, "description": "There is no such thing"}}
GONE: _Answers = {410: {"model": records.Problem, "description": "Withdrawn"}}
LISTED: _Answers = {**UNCHANGED, **BUSY, **MISSING}


def take_wanted(
    source: Annotated[str | None, Query(pattern=ID, description="Id of a source")] = None,
    language: Annotated[
        str | None, Query(max_length=35, description="Language of the original")
    ] = None,
    since: Annotated[Time | None, Query(description="Listed then or later")] = None,
    until: Annotated[Time | None, Query(description="Listed earlier")] = None,
) -> Wanted:
    """Read which rows a list is to hold."""
    return Wanted(source, language, _as_utc(since), _as_utc(until))


def _as_utc(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:  # the first or last day of all, in another zone
        return at.replace(tzinfo=UTC)


def take_place(cursor: Cursor = None) -> Place | None:
    """Read where a page begins."""
    if cursor is None:
        return None
    try:
        return read_cursor(cursor)
    except ValueError as error:
        message = "this cursor is none that this list gave; begin again without one"
        wrong = {"type": "value_error", "loc": ("query", "cursor"), "msg": message}
        raise RequestValidationError([{**wrong, "input": cursor}]) from error


Filters = Annotated[Wanted, Depends(take_wanted)]
Begin = Annotated[Place | None, Depends(take_place)]


def make_router(db: Store, site: SiteSettings) -> APIRouter:
    """Make the API's router."""
    router = APIRouter()
    _add_articles(router, db, site)
    _add_stories(router, db, site)
    _add_sources(router, db, site)
    add_search(router, db, site, choose_edition, give, LISTED)
    return router


def close_router() -> APIRouter:
    """Answer what no other route of the API did, so that programs never meet a page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/api/{rest:path}")
    def miss(rest: str) -> Response:
        """Say that there is nothing here."""
        raise HTTPException(404, "there is nothing here; /api/v1/openapi.json lists what there is")

    return router


def choose_edition(site: SiteSettings, edition: str | None) -> str:
    """Give the edition that was asked for. Raises `HTTPException` where there is none."""
    chosen = edition or site.editions[0]
    if chosen not in site.editions:
        known = ", ".join(site.editions)
        raise HTTPException(404, f"there is no such edition here; there are: {known}")
    return chosen


def _add_articles(router: APIRouter, db: Store, site: SiteSettings) -> None:
    @router.get("/articles", response_model=records.ArticleList, responses=LISTED)
    def list_articles(
        request: Request,
        wanted: Filters,
        after: Begin,
        edition: Edition = None,
        limit: Limit = 50,
    ) -> Response:
        """List articles of an edition, newest first."""
        chosen = choose_edition(site, edition)
        return give(request, reading.list_articles(db, site, chosen, wanted, after, limit))

    def refuse(id: str) -> HTTPException:
        is_gone = is_withdrawn(db, id)
        detail = "this article was withdrawn" if is_gone else f"there is no article '{id}'"
        return HTTPException(410 if is_gone else 404, detail)

    @router.get(
        "/articles/{id}", response_model=records.ArticleRecord, responses={**LISTED, **GONE}
    )
    def read_article(request: Request, id: Id, edition: Edition = None) -> Response:
        """Give one article in an edition."""
        found = reading.read_article(db, site, choose_edition(site, edition), id)
        if found is None:
            raise refuse(id)
        return give(request, found)

    @router.get(
        "/articles/{id}/translations",
        response_model=records.TranslationList,
        responses={**LISTED, **GONE},
    )
    def read_translations(request: Request, id: Id) -> Response:
        """Give an article's translations sentence by sentence, with verdicts and reasons.

        What the gate held back has no `target`; what the source's rights do not allow to be
        shown is left out.
        """
        found = reading.read_translations(db, site, id)
        if found is None:
            raise refuse(id)
        return give(request, found)


def _add_stories(router: APIRouter, db: Store, site: SiteSettings) -> None:
    @router.get("/stories", response_model=records.StoryList, responses=LISTED)
    def list_stories(
        request: Request,
        wanted: Filters,
        after: Begin,
        edition: Edition = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 25,
    ) -> Response:
        """List stories of an edition by their last report, newest first.

        With a source or a language, those that have a report of it.
        """
        chosen = choose_edition(site, edition)
        return give(request, stories.list_stories(db, site, chosen, wanted, after, limit))

    @router.get("/stories/{id}", response_model=records.StoryDetail, responses={**LISTED, **GONE})
    def read_story(request: Request, id: Id, edition: Edition = None) -> Response:
        """Give a story with its events and reports.

        The id of a story that was merged into another gives that other.
        """
        found = stories.read_story(db, site, choose_edition(site, edition), id)
        if found is None:
            is_gone = groups.resolve(db, id) is not None
            detail = "all reports of this story were withdrawn" if is_gone else "no such story"
            raise HTTPException(410 if is_gone else 404, detail)
        return give(request, found)


def _add_sources(router: APIRouter, db: Store, site: SiteSettings) -> None:
    @router.get("/editions", response_model=records.EditionList, responses={**UNCHANGED, **BUSY})
    def list_editions(request: Request) -> Response:
        """List the editions with their feeds, the default one first."""
        return give(request, reading.list_editions(site))

    @router.get("/sources", response_model=records.SourceList, responses={**UNCHANGED, **BUSY})
    def list_sources(request: Request) -> Response:
        """List the publishers that the site follows."""
        return give(request, reading.list_sources(db))

    @router.get("/sources/{id}", response_model=records.SourceRecord, responses=LISTED)
    def read_source(request: Request, id: Id) -> Response:
        """Give one publisher that the site follows."""
        return give(request, _known(reading.read_source(db, id), id))

    @router.get("/sources/{id}/health", response_model=records.HealthRecord, responses=LISTED)
    def read_health(request: Request, id: Id) -> Response:
        """Say how a source could be read lately."""
        return give(request, _known(reading.read_health(db, id), id))


def _known(found: object | None, id: str) -> object:
    if found is None:
        raise HTTPException(404, f"no source '{id}' is followed")
    return found


def give(request: Request, record: Any) -> Response:
    """Answer with a record, or with 304 where the reader has it already."""
    body = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"))
    headers = (("content-type", "application/json"), ("cache-control", "public, max-age=60"))
    found = finish(Answer(200, headers, body.encode("utf-8", "replace")), request.headers)
    return Response(found.body, found.status, dict(found.headers))
