"""The live server: the public site and the read API over HTTP."""

from __future__ import annotations

import json
import string
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote_from_bytes

from fastapi import APIRouter, FastAPI, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import URL
from starlette.middleware.gzip import GZipMiddleware

import dragoman
from dragoman.errors import StoreError
from dragoman.store import sources
from dragoman.web import api
from dragoman.web.settings import SiteSettings
from dragoman.web.site import SECURITY, Answer, answer, finish

if TYPE_CHECKING:
    from dragoman.store import Store

_ID = r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$"

Edition = Annotated[str | None, Query(max_length=35, description="Language of the edition")]
Language = Annotated[str | None, Query(max_length=35, description="Language of the original")]
Id = Annotated[str | None, Query(pattern=_ID)]
Limit = Annotated[int, Query(ge=1, le=200)]


def create_app(db: Store, site: SiteSettings) -> FastAPI:
    """Make the application. Handlers are plain functions, so reads run in a pool of threads."""
    app = FastAPI(
        title=site.title,
        version=dragoman.__version__,
        summary="Articles, stories and sources of a multilingual news relay, to read",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # its page loads scripts from other hosts
        redoc_url=None,
    )
    app.add_middleware(GZipMiddleware, minimum_size=600)
    app.add_exception_handler(StoreError, _say_busy)
    app.include_router(_health(db))
    app.include_router(_api(db, site), prefix="/api/v1", tags=["read"])
    app.include_router(_pages(db, site))
    return app


def _say_busy(request: Request, error: Exception) -> Response:
    headers = {"retry-after": "30", **dict(SECURITY)}
    return JSONResponse({"detail": str(error)}, 503, headers)


def _health(db: Store) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    def is_alive() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    @router.get("/readyz")
    def is_ready() -> dict[str, str]:
        """Say that the store can be read; 503 where it cannot."""
        sources.sources(db)
        return {"status": "ready"}

    return router


def _pages(db: Store, site: SiteSettings) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def read_page(request: Request) -> Response:
        """Answer with a page, feed or file of the public site."""
        # Starlette cannot read a query with bytes that no address may hold.
        sent = request.scope["query_string"]
        query = quote_from_bytes(sent, safe=string.punctuation)
        path = URL(scope={**request.scope, "query_string": b""}).path
        return _respond(answer(db, site, path, query=query, headers=request.headers))

    return router


def _api(db: Store, site: SiteSettings) -> APIRouter:
    router = APIRouter()

    def edition_of(edition: str | None) -> str:
        chosen = edition or site.editions[0]
        if chosen not in site.editions:
            known = ", ".join(site.editions)
            raise HTTPException(404, f"there is no edition '{chosen}' here; there are: {known}")
        return chosen

    @router.get("/articles", response_model=api.ArticleList)
    def list_articles(
        request: Request,
        edition: Edition = None,
        source: Id = None,
        language: Language = None,
        before: Id = None,
        limit: Limit = 50,
    ) -> Response:
        """List articles of an edition, newest first."""
        chosen = edition_of(edition)
        found = api.list_articles(
            db, site, chosen, source=source, language=language, before=before or "", limit=limit
        )
        return _give(request, found)

    @router.get("/articles/{id}", response_model=api.ArticleRecord)
    def read_article(
        request: Request, id: Annotated[str, Path(pattern=_ID)], edition: Edition = None
    ) -> Response:
        """Give one article in an edition; 410 for one that was withdrawn."""
        chosen = edition_of(edition)
        found = api.read_article(db, site, chosen, id)
        if found is None:
            is_gone = api.is_withdrawn(db, id)
            detail = "this article was withdrawn" if is_gone else f"there is no article '{id}'"
            raise HTTPException(410 if is_gone else 404, detail)
        return _give(request, found)

    @router.get("/stories", response_model=api.StoryList)
    def list_stories(
        request: Request,
        edition: Edition = None,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=100)] = 25,
    ) -> Response:
        """List stories of an edition, newest first."""
        chosen = edition_of(edition)
        return _give(request, api.list_stories(db, site, chosen, offset=offset, limit=limit))

    @router.get("/sources", response_model=api.SourceList)
    def list_sources(request: Request) -> Response:
        """List the publishers that the site follows."""
        return _give(request, api.list_sources(db))

    return router


def _give(request: Request, record: Any) -> Response:
    body = json.dumps(asdict(record), ensure_ascii=False, separators=(",", ":"))
    headers = (("content-type", "application/json"), ("cache-control", "public, max-age=60"))
    return _respond(finish(Answer(200, headers, body.encode("utf-8", "replace")), request.headers))


def _respond(found: Answer) -> Response:
    return Response(found.body, found.status, dict(found.headers))
