"""Between a request and a page or an action: who asks, from where, and may they?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from traceback import format_exception
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from dragoman.desk import rendering
from dragoman.desk.board import Board, Desk, Done, Entry, File, Page, Role, Show, Visit, role_of
from dragoman.desk.door import PROOF_LASTS, find_visitor
from dragoman.desk.forms import Fields, read_form
from dragoman.desk.hosts import is_own_origin, is_secure
from dragoman.desk.keys import form_token, is_form_token
from dragoman.desk.wording import say
from dragoman.errors import DragomanError, StoreError
from dragoman.store import desk_audit, desk_sessions
from dragoman.store.desk_audit import Deed

log = structlog.get_logger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]
SEE_OTHER = 303
_WITHOUT_PASSWORD = ("/password", "/logout")  # all that a user without a password can do


@dataclass(frozen=True, slots=True)
class Reception:
    """Asks everybody who comes for what they need to come further."""

    desk: Desk
    boards: tuple[Board, ...]

    # -- Cookies ------------------------------------------------------------------

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; ports of a host share cookies, so it has ours."""
        prefix = "__Host-" if is_secure(self.desk.settings) else ""
        return f"{prefix}desk-{self.desk.settings.desk.port}"

    def set_cookie(self, response: Response, name: str, value: str) -> None:
        """Set a cookie that no script and no other site gets."""
        response.set_cookie(
            name,
            value,
            httponly=True,
            samesite="strict",
            secure=is_secure(self.desk.settings),
            path="/",
        )

    # -- Pages --------------------------------------------------------------------

    def answer_page(self, entry: Entry) -> Endpoint:
        """Make what answers for a page."""

        async def answer(request: Request) -> Response:
            return await self._guarded(request, lambda: self._show(request, entry))

        return answer

    async def _show(self, request: Request, entry: Entry) -> Response:
        visit = await self._visit(request)
        if visit is None:
            return self.to_login(request)
        stopped = self._stop(visit, entry, request)
        if stopped:
            return stopped
        assert entry.show is not None
        return await run_in_threadpool(self._draw, visit, entry.show)

    def _draw(self, visit: Visit, show: Show, status: int = 0) -> Response:
        found = show(visit)
        if isinstance(found, File):
            return Response(
                found.body,
                media_type=found.media_type,
                headers={"content-disposition": f'attachment; filename="{found.name}"'},
            )
        if found is None:
            found = Page("missing.html", status=404)
        return self.draw(found, visit, status or found.status)

    def draw(self, page: Page, visit: Visit | None, status: int = 200) -> Response:
        """Render a page in the desk's frame, with what is to be said once."""
        notice = visit.session.notice if visit else ""
        if visit and notice:
            desk_sessions.put_notice(self.desk.db, visit.session.digest, "")
        frame: Mapping[str, Any] = {
            "desk_title": self.desk.settings.site.title,
            "site": self.desk.settings.site.base_url,
            "visit": visit,
            "menu": self._menu(visit) if visit else (),
            "path": visit.path if visit else "",
            "token": form_token(visit.key) if visit else "",
            "notice": notice,
            "error": visit.error if visit else "",
            "roles": Role,
        }
        return HTMLResponse(rendering.render(page.template, {**frame, **page.values}), status)

    def _menu(self, visit: Visit) -> tuple[tuple[str, str], ...]:
        return tuple(
            (one.title, one.path) for one in self.boards if one.title and visit.role >= one.role
        )

    # -- Actions ------------------------------------------------------------------

    def answer_action(self, entry: Entry) -> Endpoint:
        """Make what answers for an action."""

        async def answer(request: Request) -> Response:
            return await self._guarded(request, lambda: self._receive(request, entry))

        return answer

    async def _receive(self, request: Request, entry: Entry) -> Response:
        visit = await self._visit(request)
        if visit is None:
            return self.refuse(None, 401, say("You are not logged in, or your session is over."))
        if not is_own_origin(self.desk.settings, request.headers):
            return self.refuse(visit, 403, say("This form was not sent by a page of the desk."))
        stopped = self._stop(visit, entry, request)
        if stopped:
            return stopped
        try:
            fields, file = await read_form(request, takes_file=entry.takes_file)
        except DragomanError as error:
            return self.refuse(visit, 413, str(error))
        if not _is_signed(fields, visit.key):
            return self.refuse(
                visit, 403, say("This form is too old; go back, reload it, send again.")
            )
        return await run_in_threadpool(self._act, replace(visit, fields=fields, file=file), entry)

    def _act(self, visit: Visit, entry: Entry) -> Response:
        assert entry.act is not None
        db = self.desk.db
        deed = Deed(
            self.desk.now(),
            visit.user.name,
            visit.role.word,
            visit.address,
            entry.name,
            target=" ".join(visit.parts.values()),
        )
        number = desk_audit.note(db, deed)
        try:
            done = entry.act(visit)
        except DragomanError as error:
            desk_audit.end(db, number, replace(deed, outcome=f"refused: {error}"))
            return self._refuse_act(visit, entry, str(error))
        except Exception:
            desk_audit.end(db, number, replace(deed, outcome="failed: a mistake of ours"))
            raise
        desk_audit.end(
            db,
            number,
            replace(
                deed,
                target=done.target or deed.target,
                before=done.before,
                after=done.after,
                outcome="done",
            ),
        )
        return self.go_on(visit, done)

    def go_on(self, visit: Visit, done: Done) -> Response:
        """Lead on from an action, and keep what the next page says."""
        if done.page:
            return self.draw(done.page, visit)
        if done.message:
            desk_sessions.put_notice(self.desk.db, visit.session.digest, done.message)
        return RedirectResponse(done.to, SEE_OTHER)

    def _refuse_act(self, visit: Visit, entry: Entry, why: str) -> Response:
        if entry.again is None:
            return self.refuse(visit, 422, why)
        return self._draw(replace(visit, error=why), entry.again, 422)

    # -- Who asks, and may they -----------------------------------------------------

    async def _visit(self, request: Request) -> Visit | None:
        key = request.cookies.get(self.cookie, "")
        found = await run_in_threadpool(find_visitor, self.desk, key)
        if found is None:
            return None
        session, user = found
        return Visit(
            desk=self.desk,
            user=user,
            role=role_of(user.role),
            session=session,
            key=key,
            address=address_of(request),
            path=request.url.path,
            parts=dict(request.path_params),
            query=dict(request.query_params),
        )

    def _stop(self, visit: Visit, entry: Entry, request: Request) -> Response | None:
        """Give what is said to somebody who may not come further; None: they may."""
        if not visit.user.has_password and entry.path not in _WITHOUT_PASSWORD:
            return RedirectResponse("/password", SEE_OTHER)
        if visit.role < entry.role:
            self._note_refusal(visit, entry)
            words = say(
                "This needs the role %(needed)s; yours is %(yours)s.",
                needed=say(entry.role.word),
                yours=say(visit.role.word),
            )
            return self.refuse(visit, 403, words)
        is_stale = self.desk.now() - visit.session.proved > PROOF_LASTS
        if entry.is_grave and is_stale:
            back = request.headers.get("referer", "")
            return RedirectResponse(f"/prove?next={quote(own_path(back), safe='')}", SEE_OTHER)
        return None

    def _note_refusal(self, visit: Visit, entry: Entry) -> None:
        if entry.act:
            who = (visit.user.name, visit.role.word, visit.address, entry.name)
            outcome = f"refused: needs the role {entry.role.word}"
            target = " ".join(visit.parts.values())
            deed = Deed(self.desk.now(), *who, target=target, outcome=outcome)
            desk_audit.note(self.desk.db, deed)

    def to_login(self, request: Request) -> Response:
        """Lead to the door, and back afterwards."""
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        after = "" if asked == "/" else f"?next={quote(asked, safe='')}"
        return RedirectResponse(f"/login{after}", SEE_OTHER)

    def refuse(self, visit: Visit | None, status: int, why: str) -> Response:
        """Say why something was not done."""
        return self.draw(Page("refused.html", {"why": why}), visit, status)

    async def answer_missing(self, request: Request) -> Response:
        """Say that there is no such page; only to those who may know what there is."""
        visit = await self._visit(request)
        if visit is None:
            return self.to_login(request)
        return self.draw(Page("missing.html"), visit, 404)

    async def _guarded(
        self, request: Request, answer: Callable[[], Awaitable[Response]]
    ) -> Response:
        """Answer, whatever happens, with a page that says what to do."""
        try:
            return await answer()
        except StoreError as error:
            log.warning("desk.store_unavailable", path=request.url.path, reason=str(error))
            return self.refuse(None, 503, str(error))
        except Exception as error:
            # Not exc_info: some renderers print the values of variables, passwords among them.
            trace = "".join(format_exception(error))
            log.error("desk.failed", path=request.url.path, trace=trace)
            words = say("This went wrong by a mistake in Dragoman; its log says more.")
            return self.refuse(None, 500, words)


def _is_signed(fields: Fields, key: str) -> bool:
    sent = next((value for name, value in fields if name == "token"), "")
    return is_form_token(sent, key)


def address_of(request: Request) -> str:
    """Give where a request comes from."""
    return request.client.host if request.client else ""


def own_path(address: str) -> str:
    """Give the path of an address of ours to lead back to; the first page for any other."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    is_plain = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_plain and path.isascii() and path.isprintable() else "/"
