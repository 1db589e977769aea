"""The desk over HTTP. Everything is shut that is not opened here: the door, and what it loads."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import dragoman
from dragoman.config import Settings
from dragoman.desk import entrance, machines, readiness, rendering
from dragoman.desk.board import Desk
from dragoman.desk.hosts import answers_to, is_secure
from dragoman.desk.reception import Reception
from dragoman.desk.rooms import BOARDS
from dragoman.desk.wording import LANGUAGES, speak

if TYPE_CHECKING:
    from dragoman.store import Store

# Forms go to ourselves alone. With "no-referrer" browsers would hide where a form comes from.
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}
OPEN = (
    "/login",
    "/enter/{key}",
    "/healthz",
    "/readyz",
)  # what answers without a session, and the files


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_desk(
    db: Store,
    settings: Settings,
    file: Path | None = None,
    now: Callable[[], datetime] = _utc_now,
) -> FastAPI:
    """Make the application of the desk; ``file`` is where the settings were read."""
    app = FastAPI(
        title=f"{settings.site.title}: desk",
        version=dragoman.__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    reception = Reception(Desk(db, settings, file, now), BOARDS)
    app.add_middleware(Shell, settings=settings)
    _add_files(app)
    _add_readiness(app, reception.desk)
    entrance.add_routes(app, reception)
    machines.add_routes(app, reception)
    for board in BOARDS:
        for entry in board.entries:
            method = "GET" if entry.show else "POST"
            answer = reception.answer_page(entry) if entry.show else reception.answer_action(entry)
            app.add_api_route(entry.path, answer, methods=[method], response_model=None)
    app.add_exception_handler(404, _answer_missing(reception))
    app.add_exception_handler(405, _answer_missing(reception))
    return app


def _add_files(app: FastAPI) -> None:
    @app.get("/healthz")
    def is_alive() -> dict[str, str]:
        """Say that the process answers."""
        return {"status": "ok"}

    @app.get("/static/{name}")
    def read_file(name: str) -> Response:
        """Give a file that pages load; its address never serves anything else."""
        found = rendering.static_files().get(f"/static/{name}")
        if found is None:
            return PlainTextResponse("there is no such file\n", 404)
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(found[0], media_type=found[1], headers=headers)


def _add_readiness(app: FastAPI, desk: Desk) -> None:
    @app.get("/readyz")
    def is_ready() -> Response:
        """Say what is ready; 503 where something is not."""
        found = readiness.look(desk)
        is_well = all(state == readiness.WELL for state in found.values())
        words = {"status": "ready" if is_well else "not ready", **found}
        return JSONResponse(words, 200 if is_well else 503)


def _answer_missing(reception: Reception) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        return await reception.answer_missing(request)

    return answer


class Shell:
    """Around everything: asks whom the request was meant for, and adds the headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._headers = dict(SECURITY)
        if is_secure(settings):
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if chosen:
                    message["headers"] = [*message["headers"], (b"set-cookie", chosen.encode())]
                given = {name for name, _ in message["headers"]}
                extra = {"cache-control": "no-store", **self._headers}
                message["headers"] = [
                    *message["headers"],
                    *(
                        (name.encode(), value.encode())
                        for name, value in extra.items()
                        if name.encode() not in given
                    ),
                ]
            await send(message)

        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        chosen = self._choose(scope, headers)
        host = headers.get(b"host", "")
        if not answers_to(self._settings, host):
            words = "The desk does not answer to this name; add it to desk.names.\n"
            await PlainTextResponse(words, 421)(scope, receive, send_with_headers)
            return
        await self._app(scope, receive, send_with_headers)

    def _choose(self, scope: Scope, headers: dict[bytes, str]) -> str:
        """Speak as the request asks; give the cookie that keeps a choice made by it."""
        name = f"desk-language-{self._settings.desk.port}"
        cookies = SimpleCookie()
        with suppress(CookieError):
            cookies.load(headers.get(b"cookie", ""))
        kept = cookies[name].value if name in cookies else ""
        query = parse_qs(scope["query_string"].decode("latin-1")[:2000])
        asked = query.get("desk-language", [""])[0]
        wanted = asked if asked in LANGUAGES else kept
        spoken = speak(headers.get(b"accept-language", ""), wanted)
        if asked != spoken:
            return ""
        return f"{name}={spoken}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict"
