"""What came from outside, made harmless: text and addresses.

Nothing fetched is shown before it has passed one of these.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urljoin, urlsplit

_SPACE = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile(r"[\x00-\x20\x7f]+")
_KEPT_FORMAT = frozenset("\u200c\u200d")  # joiners that Persian and Indic spelling needs
_KEPT_CONTROL = frozenset("\n\t")
_SCHEMES = frozenset({"http", "https"})
# An address that is clean as it stands: the usual case, told without taking it apart.
_CLEAN = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?"
    r"(?:/[A-Za-z0-9/._~%=&+,;:@!$'()*-]*(?:\?[A-Za-z0-9/._~%=&+,;:@!$'()*-]+)?)?"
)


def _is_kept(char: str) -> bool:
    category = unicodedata.category(char)
    if category == "Cf":
        return char in _KEPT_FORMAT
    if category in ("Cc", "Cs"):
        return char in _KEPT_CONTROL
    return True


def clean_text(text: str, *, is_block: bool = False) -> str:
    """Give text without control, format and bidirectional override characters, in NFC.

    White space is folded to single spaces; with ``is_block`` line breaks stay.
    """
    text = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    if not text.isprintable():  # else there is nothing to take out
        text = "".join(filter(_is_kept, text))
    if not text.isascii():  # composed last: what stood between a letter and its accent is gone
        text = unicodedata.normalize("NFC", text)
    if not is_block:
        return " ".join(text.split())
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(lines).strip()


def clean_url(url: str, base: str = "") -> str:
    """Give an absolute http or https address without credentials, or an empty string."""
    if not base and (not url or (len(url) <= 4096 and _CLEAN.fullmatch(url))):
        return url
    text = _UNSEEN.sub("", url.strip())
    try:
        parts = urlsplit(urljoin(base, text) if base else text)
        if parts.scheme.lower() not in _SCHEMES or not parts.hostname or len(text) > 4096:
            return ""
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = f"{host}:{parts.port}" if parts.port else host
    except ValueError:
        return ""
    return parts._replace(scheme=parts.scheme.lower(), netloc=netloc).geturl()
