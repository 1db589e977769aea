"""What the public site needs to know of the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# Files carry it in the page, where frames cannot be spoken of (CSP 3, section 3.3).
FILE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)


class PictureSource(Protocol):
    """Whoever has the pictures of articles, or fetches them."""

    def get(self, url: str) -> bytes | None:
        """Give a picture; None where it cannot be had now."""
        ...


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The site's name, address, editions and sizes, as the front doors pass them on."""

    title: str = "Dragoman"
    base_url: str = "http://127.0.0.1:8600"  # without a trailing slash
    editions: tuple[str, ...] = ("en",)  # the first is the fallback
    contact: str = ""  # mailto: or https:, shown as "report a mistake or ask for removal"
    page_size: int = 24  # stories or articles on a page
    feed_size: int = 50
    is_mining_reserved: bool = True  # reserve text and data mining for the whole site
    engines: tuple[str, ...] = ()  # in order of preference
    models: Path | None = None  # the folder of the models
    pictures: PictureSource | None = None  # None: no picture goes through this server
    is_static: bool = False  # written as files: no forms, no cookies
    has_search: bool = True  # of files: where the index of Pagefind is written beside them
    takes_reports: bool = True  # readers may report bad translations
    trusted_proxies: tuple[str, ...] = ()  # networks whose X-Forwarded-For is believed
    reader: str = ""  # who may come with a reading program; empty: nobody
