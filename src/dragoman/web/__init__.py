"""The web front door: the public site, live and exported, and the read API.

`answer` is the whole site as a function; `create_app` serves it with FastAPI, and
`export_site` writes it as a folder. `SiteSettings` is what they need of the configuration.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dragoman.web.app import create_app
    from dragoman.web.export import ExportTally, export_site
    from dragoman.web.settings import SiteSettings
    from dragoman.web.site import Answer, answer

__all__ = ["Answer", "ExportTally", "SiteSettings", "answer", "create_app", "export_site"]

_HOMES = {
    "Answer": "site",
    "ExportTally": "export",
    "SiteSettings": "settings",
    "answer": "site",
    "create_app": "app",
    "export_site": "export",
}


def __getattr__(name: str) -> Any:
    """Load a part on first use: FastAPI costs half a second."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
