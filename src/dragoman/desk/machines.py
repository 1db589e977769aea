"""What programs may ask of the desk, with a token: JSON, no cookies, so no forms to forge."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from dragoman.desk import today
from dragoman.desk.board import Desk, Role, role_of
from dragoman.desk.keys import digest_of
from dragoman.desk.metrics import MEDIA_TYPE, Metrics
from dragoman.desk.reception import Reception, address_of
from dragoman.errors import DragomanError, StoreError
from dragoman.store import desk_audit, desk_counts, desk_queue, desk_sessions, sources
from dragoman.store.desk_audit import Deed
from dragoman.store.desk_sessions import Token
from dragoman.store.desk_users import User
from dragoman.types import SourceState, Stage

_MAX_BODY = 4096


class _Refused(DragomanError):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


Answer = Callable[[Request, bytes], Any]


def add_routes(app: FastAPI, reception: Reception) -> None:
    """Add what programs may ask, each with its scope and the least role of its user."""
    machines = _Machines(reception.desk)
    rows: tuple[tuple[str, str, str, Role, Answer], ...] = (
        ("GET", "/api/today", "read", Role.READER, machines.give_today),
        ("GET", "/api/sources", "read", Role.READER, machines.give_sources),
        ("GET", "/api/failures", "read", Role.READER, machines.give_failures),
        ("POST", "/api/sources/{id}/poll", "act", Role.EDITOR, machines.poll),
        ("POST", "/api/failures/retry", "act", Role.EDITOR, machines.retry),
    )
    app.add_api_route("/metrics", machines.give_metrics, methods=["GET"], response_model=None)
    for method, path, scope, role, answer in rows:
        endpoint = machines.answer(scope, role, answer)
        app.add_api_route(path, endpoint, methods=[method], response_model=None)


class _Machines:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._metrics = Metrics(desk)

    async def give_metrics(self, request: Request) -> Response:
        """Answer Prometheus, with a token like every program."""
        try:
            await run_in_threadpool(self._admit, request, "read", Role.READER)
            found = await run_in_threadpool(self._metrics.render)
        except _Refused as error:
            return _refuse(error)
        except StoreError as error:
            return _say_busy(error)
        return Response(found, media_type=MEDIA_TYPE)

    def answer(
        self, scope: str, role: Role, answer: Answer
    ) -> Callable[[Request], Awaitable[Response]]:
        """Make what answers to whoever has a token with this scope."""

        async def endpoint(request: Request) -> Response:
            try:
                token, user = await run_in_threadpool(self._admit, request, scope, role)
                body = await _read_body(request)
                found = await run_in_threadpool(self._do, request, body, token, user, answer)
            except _Refused as error:
                return _refuse(error)
            except StoreError as error:
                return _say_busy(error)
            except DragomanError as error:
                return JSONResponse({"detail": str(error)}, 422)
            plain = msgspec.to_builtins(found, str_keys=True, enc_hook=str)
            return Response(msgspec.json.encode(plain), media_type="application/json")

        return endpoint

    def _admit(self, request: Request, scope: str, role: Role) -> tuple[Token, User]:
        kind, _, key = request.headers.get("authorization", "").partition(" ")
        found = None
        if kind.lower() == "bearer" and key:
            digest = digest_of(key.strip())
            found = desk_sessions.find_token(self._desk.db, digest, self._desk.now())
        if found is None:
            raise _Refused(401, "a token is needed: make one at the desk, under your name")
        token, user = found
        if scope not in token.scopes:
            raise _Refused(403, f"this token lacks the scope '{scope}'")
        if role_of(user.role) < role:
            raise _Refused(403, f"this needs the role {role.word}; its user is {user.role}")
        return token, user

    def _do(self, request: Request, body: bytes, token: Token, user: User, answer: Answer) -> Any:
        if request.method == "GET":
            return answer(request, body)
        who = (user.name, user.role, address_of(request))
        target = " ".join(request.path_params.values())
        action = f"token {token.name}: {request.url.path}"[:150]
        deed = Deed(self._desk.now(), *who, action, target=target)
        number = desk_audit.note(self._desk.db, deed)
        try:
            found = answer(request, body)
        except DragomanError as error:
            desk_audit.end(self._desk.db, number, replace(deed, outcome=f"refused: {error}"))
            raise
        desk_audit.end(self._desk.db, number, replace(deed, after=str(found), outcome="done"))
        return found

    def give_today(self, request: Request, body: bytes) -> Any:
        """Give what the page Today shows."""
        db, now = self._desk.db, self._desk.now()
        states = sources.source_states(db)
        red = today.red_sources(sources.sources(db), states)
        return {
            "at": now,
            "flow": desk_counts.flow(db, now - today.DAY, self._desk.settings.editions),
            "waiting": desk_counts.oldest_waiting(db),
            "failing": [{"source": one.id, "state": state} for one, state in red],
        }

    def give_sources(self, request: Request, body: bytes) -> Any:
        """Give every source with its state."""
        states = sources.source_states(self._desk.db)
        return [
            {"source": one, "state": states.get(one.id, SourceState(one.id))}
            for one in sources.sources(self._desk.db)
        ]

    def give_failures(self, request: Request, body: bytes) -> Any:
        """Give the causes of failures."""
        return [
            {
                "stage": one.stage,
                "kind": one.kind,
                "retrying": one.retrying,
                "lost": one.lost,
                "next_try": one.next_try,
                "examples": one.examples,
            }
            for one in desk_queue.causes(self._desk.db)
        ]

    def poll(self, request: Request, body: bytes) -> Any:
        """Have a source read at the next pass."""
        source = sources.source(self._desk.db, request.path_params["id"])
        if source is None:
            raise _Refused(404, f"there is no source '{request.path_params['id']}'")
        state = sources.source_states(self._desk.db).get(source.id, SourceState(source.id))
        sources.put_source_state(self._desk.db, replace(state, next_poll=None, is_gone=False))
        return {"source": source.id, "is_due": True}

    def retry(self, request: Request, body: bytes) -> Any:
        """Have everything tried again that failed for one cause."""
        try:
            asked = msgspec.json.decode(body, type=dict[str, str])
            stage, kind = Stage(asked["stage"]), asked["kind"]
        except (msgspec.MsgspecError, ValueError, KeyError) as error:
            words = 'send {"stage": "fetch", "kind": "TooSlow"}, as /api/failures names them'
            raise DragomanError(words) from error
        if not re.fullmatch(r"\w{1,60}", kind):
            raise DragomanError(f"'{kind[:80]}' is no kind of failure")
        number = desk_queue.retry_cause(self._desk.db, stage, kind, self._desk.now())
        return {"due": number}


def _refuse(error: _Refused) -> Response:
    headers = {"www-authenticate": "Bearer"} if error.status == 401 else {}
    return JSONResponse({"detail": str(error)}, error.status, headers)


def _say_busy(error: StoreError) -> Response:
    return JSONResponse({"detail": str(error)}, 503, {"retry-after": "30"})


async def _read_body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise _Refused(413, f"that is more than {_MAX_BODY} bytes")
    return bytes(body)
