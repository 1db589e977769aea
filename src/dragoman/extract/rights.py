"""What a publisher reserves: signals of the page, of its headers and of its host.

Robots rules (``noindex``, ``noarchive``, ``nosnippet``, ``noai``), TDMRep, RSL licences, AIPREF
(``Content-Usage``) and ``Content-Signal``. Where signals differ, the stricter one counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dragoman.extract.metadata import Metas
from dragoman.sanitize import clean_text, clean_url
from dragoman.types import Page, Reservations

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ROBOTS = ("robots", "googlebot", "googlebot-news")
_WORDS = re.compile(r"[\s,:;]+")
_NO_SNIPPET = re.compile(r"\bnosnippet\b|\bmax-snippet\s*:\s*0\b")
_USAGE = re.compile(r"([a-z][a-z0-9-]{0,40})\s*=\s*\"?(yes|no|y|n)\b", re.IGNORECASE)
_RSL = "application/rsl+xml"
_LINK = re.compile(r"<([^<>]{1,2048})>([^<>]{0,1000})")
# Uses that showing a machine's translation of the text is one of.
_INPUT = frozenset({"ai-input", "ai-use", "bots"})
_MAX_SIGNS = 50

Signs = list[tuple[str, str]]  # where it was said, and what


def read_reservations(root: HtmlElement, metas: Metas, page: Page) -> Reservations:
    """Read what the publisher reserves, with where each was found."""
    headers = [(name.lower(), value) for name, value in page.headers]
    robots = [(f'<meta name="{n}">', v) for n in _ROBOTS for v in metas.values.get(n, ())]
    robots += [("X-Robots-Tag header", v) for name, v in headers if name == "x-robots-tag"]
    rules = [(where, set(_WORDS.split(value.lower())), value) for where, value in robots]
    index = [f"{where}: noindex" for where, found, _ in rules if found & {"noindex", "none"}]
    archive = [f"{where}: noarchive" for where, found, _ in rules if "noarchive" in found]
    extract = [
        f"{where}: nosnippet" for where, _, said in rules if _NO_SNIPPET.search(said.lower())
    ]
    mining = [f"{where}: noai" for where, found, _ in rules if "noai" in found]
    signs = _collect(metas, headers, page)
    mining += [f"{where}: 1" for where, said in signs["tdm-reservation"] if said.strip() == "1"]
    licenses = _find_licenses(root, headers, signs["license"])
    mining += [f"{where}: {address}".rstrip(": ") for where, address in licenses]
    usage: dict[str, bool] = {}
    for where, said in signs["usage"]:
        for name, allowed in _read_usage(said):
            usage[name] = allowed and usage.get(name, True)
            if not allowed:
                evidence = extract if name in _INPUT else index if name == "search" else mining
                evidence.append(f"{where}: {name}=n")
    policies = [said for _, said in (*signs["tdm-policy"], *licenses)]
    addresses = (clean_url(each, page.final_url) for each in policies if each)
    return Reservations(
        no_index=bool(index),
        no_archive=bool(archive),
        tdm_reserved=bool(mining) or any(name in _INPUT for name, ok in usage.items() if not ok),
        tdm_policy=next(filter(None, addresses), ""),
        evidence=tuple(dict.fromkeys((*index, *archive, *extract, *mining))),
        no_extract=bool(extract),
        usage=tuple(sorted(usage.items())),
    )


def _collect(metas: Metas, headers: Signs, page: Page) -> dict[str, Signs]:
    """Sort the signals of page, headers and host by what they say."""
    found: dict[str, Signs] = {"tdm-reservation": [], "tdm-policy": [], "usage": [], "license": []}
    for name in ("tdm-reservation", "tdm-policy"):
        found[name] += [(f'<meta name="{name}">', value) for value in metas.values.get(name, ())]
        found[name] += [(f"{name} header", value) for key, value in headers if key == name]
    for key, value in headers:
        if key in ("content-usage", "content-signal"):
            found["usage"].append((f"{key.title()} header", value))
    for where, value in page.signals:
        kind = where.partition(" ")[0].lower()
        found["usage" if kind.startswith("content-") else kind].append((where, value))
    return {name: signs[:_MAX_SIGNS] for name, signs in found.items()}


def _read_usage(text: str) -> Iterable[tuple[str, bool]]:
    for match in _USAGE.finditer(text[:2000]):
        yield match[1].lower(), match[2].lower().startswith("y")


def _find_licenses(root: HtmlElement, headers: Signs, named: Signs) -> Signs:
    """List the RSL licences that a page, its headers or its host name."""
    found: Signs = []
    for link in root.iter("link"):
        if "license" in (link.get("rel") or "").lower().split() and _is_rsl(link.get("type")):
            found.append(('<link rel="license">', clean_text(link.get("href") or "")))
    if any(_is_rsl(script.get("type")) for script in root.iter("script")):
        found.append((f'<script type="{_RSL}">', ""))
    for key, value in headers:
        for match in _LINK.finditer(value[:8000]) if key == "link" else ():
            if _RSL in match[2].lower() and re.search(r"rel=\"?[^\"]*\blicense\b", match[2], re.I):
                found.append(("Link header, license", match[1]))
    return [*found, *named][:_MAX_SIGNS]


def _is_rsl(media_type: str | None) -> bool:
    return (media_type or "").partition(";")[0].strip().lower() == _RSL
