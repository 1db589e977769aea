"""What lets a browser keep the last edition: the manifest, and the worker that reads offline."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from dragoman import languages
from dragoman.publish.views import SiteView
from dragoman.web.assets import assets


def write_manifest(site: SiteView, language: str) -> str:
    """Write the web manifest of an edition."""
    root = f"/{language}/"
    manifest = {
        "name": site.title,
        "short_name": site.title[:24],
        "id": root,
        "start_url": root,
        "scope": "/",
        "display": "minimal-ui",
        "lang": language,
        "dir": languages.direction(language),
        "background_color": "#fdfcf9",
        "theme_color": "#fdfcf9",
        "icons": [{"src": site.icon, "type": "image/svg+xml", "sizes": "any"}],
    }
    return json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=8)
def write_worker(editions: tuple[str, ...]) -> str:
    """Write the service worker, with its version: a new one throws away what the old one kept."""
    script = files("dragoman.publish").joinpath("static", "worker.js").read_text("utf-8")
    kept = [asset.path for asset in assets().values()]
    version = sha256(json.dumps([script, kept, editions]).encode()).hexdigest()[:12]
    facts = {"version": version, "files": kept, "editions": editions}
    return script.replace("/* facts */ {}", json.dumps(facts, separators=(",", ":")))
