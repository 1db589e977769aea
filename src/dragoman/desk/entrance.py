"""The pages of the door: log in, use a link, set a password, log out."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from dragoman.desk import door
from dragoman.desk.board import Board, Done, Page, Role, Visit
from dragoman.desk.door import LockedOut
from dragoman.desk.forms import read_form
from dragoman.desk.hosts import is_own_origin
from dragoman.desk.keys import SHORTEST, digest_of, form_token, is_form_token, make_key
from dragoman.desk.reception import SEE_OTHER, Reception, address_of, own_path
from dragoman.desk.wording import say
from dragoman.errors import DragomanError, StoreError
from dragoman.store import desk_sessions, desk_users
from dragoman.store.desk_users import User

DOOR = "door"  # the cookie that signs the forms of those who have no session yet
board = Board()


def add_routes(app: FastAPI, reception: Reception) -> None:
    """Add what answers without a session."""
    entrance = _Entrance(reception)
    app.add_api_route("/login", entrance.show_login, methods=["GET"], response_model=None)
    app.add_api_route("/login", entrance.log_in, methods=["POST"], response_model=None)
    app.add_api_route("/enter/{key}", entrance.show_link, methods=["GET"], response_model=None)
    app.add_api_route("/enter/{key}", entrance.use_link, methods=["POST"], response_model=None)


class _Entrance:
    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def show_login(self, request: Request) -> Response:
        """Show the form for name and password."""
        return await run_in_threadpool(self._draw_login, request)

    def _draw_login(self, request: Request, error: str = "", status: int = 200) -> Response:
        values = {
            "error": error,
            "next": own_path(request.query_params.get("next", "/")),
            "is_new": not door.has_password(self._desk.db),
        }
        return self._draw(request, Page("login.html", values), status)

    def _draw(self, request: Request, page: Page, status: int = 200) -> Response:
        key = request.cookies.get(DOOR, "") or make_key()
        signed = Page(page.template, {**page.values, "token": form_token(key)})
        response = self._reception.draw(signed, None, status)
        self._reception.set_cookie(response, DOOR, key)
        return response

    async def log_in(self, request: Request) -> Response:
        """Let somebody in who knows a name and its password."""
        fields = await self._read(request)
        if isinstance(fields, Response):
            return fields
        try:
            return await run_in_threadpool(self._try, request, fields)
        except LockedOut as error:
            response = await run_in_threadpool(self._draw_login, request, str(error), 429)
            response.headers["retry-after"] = str(int(error.seconds) + 1)
            return response
        except StoreError as error:
            return self._reception.refuse(None, 503, str(error))
        except DragomanError as error:
            return await run_in_threadpool(self._draw_login, request, str(error), 401)

    def _try(self, request: Request, fields: dict[str, str]) -> Response:
        password = fields.get("password", "")
        name = fields.get("name", "")[:200]
        user = door.try_password(self._desk, name, password, address_of(request))
        return self._let_in(request, user, own_path(fields.get("next", "/")))

    async def _read(self, request: Request) -> dict[str, str] | Response:
        """Read a form that is sent without a session, if a page of ours sent it."""
        if not is_own_origin(self._desk.settings, request.headers):
            return self._reception.refuse(
                None, 403, say("This form was not sent by a page of the desk.")
            )
        try:
            fields = dict((await read_form(request, takes_file=False))[0])
        except DragomanError as error:
            return self._reception.refuse(None, 413, str(error))
        key = request.cookies.get(DOOR, "")
        if not key or not is_form_token(fields.get("token", ""), key):
            words = say(
                "This form is too old, or your browser keeps no cookies; reload and try again."
            )
            return self._reception.refuse(None, 403, words)
        return fields

    def _let_in(self, request: Request, user: User, to: str) -> Response:
        browser = request.headers.get("user-agent", "")
        former = request.cookies.get(self._reception.cookie, "")
        if former:
            desk_sessions.end_session(self._desk.db, digest_of(former))
        key = door.begin_session(self._desk, user.name, address_of(request), browser)
        response = RedirectResponse(to, SEE_OTHER)
        self._reception.set_cookie(response, self._reception.cookie, key)
        response.delete_cookie(DOOR, path="/")
        return response

    async def show_link(self, request: Request, key: str) -> Response:
        """Ask whether to use a link: one that is only looked at, by a preview, is not used up."""
        return await run_in_threadpool(self._draw_link, request, key)

    def _draw_link(self, request: Request, key: str) -> Response:
        is_good = desk_users.has_link(self._desk.db, digest_of(key), self._desk.now())
        page = Page("enter.html", {"is_good": is_good, "key": key})
        return self._draw(request, page, 200 if is_good else 410)

    async def use_link(self, request: Request, key: str) -> Response:
        """Let somebody in by a link, which is used up."""
        fields = await self._read(request)
        if isinstance(fields, Response):
            return fields
        return await run_in_threadpool(self._use, request, key)

    def _use(self, request: Request, key: str) -> Response:
        user = door.use_link(self._desk, key, address_of(request))
        if user is None:
            return self._draw_link(request, key)
        return self._let_in(request, user, "/password")


@board.page("/password")
def show_password(visit: Visit) -> Page:
    """Show the form for a new password."""
    return Page("password.html", {"shortest": SHORTEST})


@board.action("/password", Role.READER, "password.set", again=show_password)
def set_password(visit: Visit) -> Done:
    """Set one's own password; one's other sessions end."""
    former, new = visit.secret("former"), visit.secret("password")
    door.change_password(visit.desk, visit.user, former, new, visit.secret("again"), visit.address)
    desk_sessions.end_sessions(visit.db, visit.user.name, besides=visit.session.digest)
    desk_sessions.prove_session(visit.db, visit.session.digest, visit.now())
    return Done("/", say("Your password is set."), target=visit.user.name)


@board.page("/prove")
def show_prove(visit: Visit) -> Page:
    """Ask for the password once more."""
    return Page("prove.html", {"next": own_path(visit.query.get("next") or visit.field("next"))})


@board.action("/prove", Role.READER, "password.prove", again=show_prove)
def prove(visit: Visit) -> Done:
    """Note that the password was given once more."""
    door.try_password(visit.desk, visit.user.name, visit.secret("password"), visit.address)
    desk_sessions.prove_session(visit.db, visit.session.digest, visit.now())
    return Done(own_path(visit.field("next")), say("Thank you; now send the form again."))


@board.action("/logout", Role.READER, "door.leave")
def log_out(visit: Visit) -> Done:
    """End one's session."""
    desk_sessions.end_session(visit.db, visit.session.digest)
    return Done("/login", target=visit.user.name)
