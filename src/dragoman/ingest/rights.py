"""What a host reserves for its pages, besides what each page says of itself.

robots.txt carries AIPREF (``Content-Usage``), ``Content-Signal`` and RSL (``License``);
``/.well-known/tdmrep.json`` carries TDMRep. The signals travel with the page as they were
written; what they mean is read where the article is made.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dragoman.sanitize import clean_text

TDM_PATH = "/.well-known/tdmrep.json"
MAX_TDM_BYTES = 256 * 1024
_MAX_RULES = 100
_MAX_VALUE = 500
_LINE = re.compile(
    r"[ \t]*(user-agent|content-usage|content-signal|license|allow|disallow|crawl-delay)"
    r"[ \t]*:[ \t]*([^#\r\n]{0,2048})",
    re.IGNORECASE,
)
_USAGE = frozenset({"content-usage", "content-signal"})

Signals = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A preference for the paths that match a pattern of robots.txt."""

    name: str
    pattern: str
    value: str


@dataclass(frozen=True, slots=True)
class HostRights:
    """What a host's robots.txt says of the use of its pages."""

    licenses: tuple[str, ...] = ()
    rules: tuple[_Rule, ...] = ()

    def signals(self, url: str) -> Signals:
        """Give what is reserved for one address: where it was said, and what."""
        found = [("License in robots.txt", each) for each in self.licenses]
        for name in sorted(_USAGE):
            matching = [
                rule for rule in self.rules if rule.name == name and _matches(rule.pattern, url)
            ]
            longest = max((len(rule.pattern) for rule in matching), default=0)
            shown = {"content-usage": "Content-Usage", "content-signal": "Content-Signal"}[name]
            found += [
                (f"{shown} in robots.txt", rule.value)
                for rule in matching
                if len(rule.pattern) == longest
            ]
        return tuple(found)


def read_host_rights(text: str, token: str) -> HostRights:
    """Read the signals of a robots.txt for the agent of this name, else for every agent."""
    licenses: list[str] = []
    asked = {token.lower(), "*"}
    rules: dict[str, list[_Rule]] = {agent: [] for agent in asked}
    agents = {"*"}  # before the first group it is said to all
    is_among_agents = False
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name, value = match[1].lower(), match[2].strip()
        if name == "license":
            licenses.append(clean_text(value)[:_MAX_VALUE])
        elif name == "user-agent":
            agents = (agents if is_among_agents else set()) | ({value.lower()} & asked)
        elif name in _USAGE:
            for agent in agents:
                rules[agent].append(_read_rule(name, value))
        if name != "license":
            is_among_agents = name == "user-agent"
    own = rules[token.lower()] or rules["*"]
    return HostRights(tuple(licenses[:_MAX_RULES]), tuple(own[:_MAX_RULES]))


def _read_rule(name: str, value: str) -> _Rule:
    """Read a preference, which may begin with the paths that it is for."""
    first, _, rest = value.partition(" ")
    pattern, said = (first, rest.strip()) if first.startswith(("/", "*")) and rest else ("/", value)
    return _Rule(name, pattern[:_MAX_VALUE], clean_text(said)[:_MAX_VALUE])


def _matches(pattern: str, url: str) -> bool:
    """Whether a pattern of robots.txt is for an address: Protego knows how they match."""
    from protego import Protego

    if pattern == "/":
        return True
    return not Protego.parse(f"User-agent: *\nDisallow: {pattern}\n").can_fetch(url, "x")


def read_tdm(body: bytes, url: str) -> Signals:
    """Give what a host's TDMRep file reserves for one address; a broken file says nothing."""
    try:
        rules = json.loads(body[:MAX_TDM_BYTES].decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(rules, list):
        return ()
    for rule in rules[:_MAX_RULES]:
        if isinstance(rule, dict) and _reserves(rule, url):
            policy = rule.get("tdm-policy")
            said = [("tdm-reservation in tdmrep.json", "1")]
            if isinstance(policy, str):
                said.append(("tdm-policy in tdmrep.json", clean_text(policy)[:_MAX_VALUE]))
            return tuple(said)
    return ()


def _reserves(rule: dict[str, Any], url: str) -> bool:
    location = rule.get("location")
    if str(rule.get("tdm-reservation")) != "1" or not isinstance(location, str):
        return False
    pattern = location if location.startswith(("/", "*")) else f"/{location}"
    return urlsplit(url).path == location or _matches(pattern[:_MAX_VALUE], url)
