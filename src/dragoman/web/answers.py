"""What the site answers with: pages, files and redirects, and the headers that all have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from dragoman.publish.views import Frame
from dragoman.web.reading import find_reads
from dragoman.web.settings import FILE_POLICY, SiteSettings

if TYPE_CHECKING:
    from dragoman.store import Store

HTML = "text/html; charset=utf-8"

# Nothing but what we serve ourselves: no inline script or style, no frame, nothing of others.
SECURITY = (
    ("content-security-policy", f"{FILE_POLICY}; frame-ancestors 'none'"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"),
    ("cross-origin-opener-policy", "same-origin"),
)

BRIEFLY = "public, max-age=60, stale-while-revalidate=600"
DAILY = "public, max-age=86400, stale-while-revalidate=604800"
HOURLY = "public, max-age=3600, stale-while-revalidate=86400"
FOREVER = "public, max-age=31536000, immutable"
VARY = (("vary", "cookie"),)  # what a reader reads may stand in one


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address gives. Header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def fields(self) -> dict[str, str]:
        """The headers by name."""
        return dict(self.headers)


@dataclass(frozen=True, slots=True)
class Visit:
    """One question to the site."""

    db: Store
    settings: SiteSettings
    headers: Mapping[str, str]
    language: str  # the edition asked for; the first one outside of editions
    query: str = ""

    @property
    def reads(self) -> tuple[str, ...]:
        """The languages that the reader wants in the original."""
        return find_reads(self.query, self.headers)


def finish(found: Answer, asked: Mapping[str, str]) -> Answer:
    """Add the headers that every answer has, and give 304 where the reader has it already."""
    return spare(_dress(found), asked)


def _dress(found: Answer) -> Answer:
    own = found.fields
    headers = (*found.headers, *(field for field in SECURITY if field[0] not in own))
    if found.status == 200:
        # Weak: a proxy may compress what it passes on.
        tag = f'W/"{blake2b(found.body, digest_size=12).hexdigest()}"'
        headers = (*headers, ("etag", tag))
    return replace(found, headers=headers)


def spare(found: Answer, asked: Mapping[str, str]) -> Answer:
    """Give 304 where the reader has an answer already."""
    own = found.fields
    if found.status != 200 or "etag" not in own:
        return found
    if _has_already(asked.get("if-none-match", ""), own["etag"]) or _is_unchanged(asked, own):
        return Answer(304, found.headers, b"")
    return found


def _has_already(sent: str, tag: str) -> bool:
    """Compare weakly (RFC 9110, section 13.1.2)."""
    tags = {one.strip().removeprefix("W/") for one in sent.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags


def _is_unchanged(asked: Mapping[str, str], own: Mapping[str, str]) -> bool:
    """Compare times where no tag was sent (RFC 9110, section 13.1.3)."""
    if "if-none-match" in asked or "last-modified" not in own:
        return False
    try:
        since = parsedate_to_datetime(asked.get("if-modified-since", ""))
        return parsedate_to_datetime(own["last-modified"]) <= since.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        return False


def give_page(
    html: str,
    frame: Frame | None,
    *,
    status: int = 200,
    extra: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """Give a page, with what its frame tells machines in headers."""
    headers = [("content-type", HTML), ("cache-control", BRIEFLY if status == 200 else "no-cache")]
    if frame:
        headers.append(("content-language", frame.language))
        headers += reservation_of(frame)
    return Answer(status, (*headers, *extra), html.encode("utf-8", "replace"))


def reservation_of(frame: Frame) -> list[tuple[str, str]]:
    """Give the header that reserves text and data mining, where it is reserved."""
    if not frame.is_mining_reserved:
        return []
    return [("tdm-reservation", "1")]


def give_file(body: bytes | str, media_type: str, cache: str = BRIEFLY) -> Answer:
    """Give a file of a media type."""
    data = body.encode("utf-8") if isinstance(body, str) else body
    return Answer(200, (("content-type", media_type), ("cache-control", cache)), data)


def redirect(address: str, *, status: int = 301, extra: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Send the reader to another address."""
    return Answer(status, (("location", address), ("cache-control", "no-cache"), *extra), b"")
