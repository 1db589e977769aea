"""The live server: the public site and the read API over HTTP."""

from __future__ import annotations

import asyncio
import string
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import URL
from starlette.middleware.gzip import GZipMiddleware

import dragoman
from dragoman.errors import StoreError
from dragoman.store import sources
from dragoman.store.leading import where_led
from dragoman.web import api
from dragoman.web.keeping import LEVEL, SMALLEST, Keeper
from dragoman.web.reporting import LARGEST, find_address
from dragoman.web.settings import SiteSettings
from dragoman.web.site import SECURITY, Answer, take

if TYPE_CHECKING:
    from dragoman.store import Store

SLOWEST_S = 20.0  # for a form to arrive


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
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST, compresslevel=LEVEL)
    app.add_exception_handler(StoreError, _say_busy)
    app.include_router(_health(db))
    app.include_router(api.make_router(db, site), prefix="/api/v1", tags=["read"])
    app.include_router(api.close_router())
    if site.reader:
        from dragoman.web import reader

        app.include_router(reader.make_router(db, site))
    if site.takes_reports:
        app.include_router(_reports(db, site))
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

    @router.get("/readyz", response_model=None)
    def is_ready() -> Response:
        """Say that the store can be read, and where the relay is; 503 where it cannot."""
        try:
            sources.sources(db)
            relay = where_led(db)
        except StoreError:
            found = {"status": "not ready", "store": "cannot be read"}
            return JSONResponse(found, 503, {"retry-after": "30"})
        return JSONResponse({"status": "ready", "store": "ok", "relay": relay})

    return router


def _pages(db: Store, site: SiteSettings) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    keeper = Keeper(db, site)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def read_page(request: Request) -> Response:
        """Answer with a page, feed or file of the public site."""
        # Starlette cannot read a query with bytes that no address may hold.
        sent = request.scope["query_string"]
        query = quote_from_bytes(sent, safe=string.punctuation)
        path = URL(scope={**request.scope, "query_string": b""}).path
        return _respond(keeper.answer(path, query, request.headers))

    return router


def _reports(db: Store, site: SiteSettings) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.post("/{language}/article/{id}/report/")
    async def take_report(request: Request, language: str, id: str) -> Response:
        """Take in what a reader reports, without waiting long for it or for too much of it."""
        try:
            async with asyncio.timeout(SLOWEST_S):
                body = await _read_body(request)
        except TimeoutError:
            return PlainTextResponse("the form did not arrive in time", 408, dict(SECURITY))
        if body is None:
            return PlainTextResponse("the form is too large", 413, dict(SECURITY))
        peer = request.client.host if request.client else ""
        address = find_address(peer, request.headers, site.trusted_proxies)
        found = await run_in_threadpool(
            take, db, site, language, id, body, request.headers, address
        )
        return _respond(found)

    return router


async def _read_body(request: Request) -> bytes | None:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    return body


def _respond(found: Answer) -> Response:
    return Response(found.body, found.status, dict(found.headers))
