"""The languages that a reader reads: asked for in the address, or kept in a cookie."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from dragoman import languages
from dragoman.publish.views import ReadingView
from dragoman.store import sources
from dragoman.types import UNKNOWN_LANGUAGE
from dragoman.web.settings import SiteSettings
from dragoman.web.views import make_frame

if TYPE_CHECKING:
    from dragoman.store import Store

COOKIE = "read"
A_YEAR = 365 * 24 * 3600
MOST = 20  # languages of one reader


def find_reads(query: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Give the languages that the reader reads: by the address, else by the cookie."""
    asked = ask(query, "read")
    if asked is not None:
        return _clean(",".join(asked))
    try:
        cookies = SimpleCookie(headers.get("cookie", "")[:4096])
    except CookieError:
        return ()
    return _clean(cookies[COOKIE].value) if COOKIE in cookies else ()


def ask(query: str, name: str) -> list[str] | None:
    """Give the values of a name in a query; None where it does not stand there."""
    try:
        found = parse_qs(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        return None
    return found.get(name)


def _clean(text: str) -> tuple[str, ...]:
    """Read codes between commas or points; what is no known language falls away."""
    codes = text[:400].lower().replace(".", ",").split(",")
    known = (code.strip() for code in codes if _is_code(code.strip()))
    return tuple(dict.fromkeys(map(languages.base, known)))[:MOST]


def _is_code(code: str) -> bool:
    return 2 <= len(code) <= 20 and code.isascii() and languages.is_known(code)


def write_cookie(chosen: tuple[str, ...], *, is_secure: bool) -> str:
    """Give the header that keeps a choice, or forgets it where nothing was chosen."""
    # Points: a comma has no place in a cookie's value (RFC 6265, section 4.1.1).
    age = A_YEAR if chosen else 0
    secure = "; Secure" if is_secure else ""
    return f"{COOKIE}={'.'.join(chosen)}; Path=/; Max-Age={age}; SameSite=Lax{secure}"


def build_reading(
    db: Store, settings: SiteSettings, language: str, chosen: tuple[str, ...], *, is_saved: bool
) -> ReadingView:
    """Build the page where a reader chooses the languages that stay original."""
    spoken = {languages.base(one.language) for one in sources.sources(db)} - {UNKNOWN_LANGUAGE}
    on_offer = sorted(spoken | {languages.base(code) for code in settings.editions})
    frame = make_frame(settings, language, "languages/", feeds=None)
    return ReadingView(
        frame=frame,
        languages=tuple(code for code in on_offer if not languages.is_same(code, language)),
        chosen=chosen,
        is_saved=is_saved,
    )
