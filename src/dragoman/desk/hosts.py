"""Which names the desk answers to, and which pages may send it forms.

A web page anywhere can make a browser ask a name that leads to this machine (DNS rebinding), or
send a form here; neither gets an answer.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from dragoman.config import Settings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def desk_address(settings: Settings, port: int | None = None) -> str:
    """Give the address that the desk's users type, without a slash at the end."""
    desk = settings.desk
    if desk.base_url:
        return desk.base_url.rstrip("/")
    host = "127.0.0.1" if desk.host in ("0.0.0.0", "::") else desk.host  # noqa: S104 - compared
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{desk.port if port is None else port}"


def is_secure(settings: Settings) -> bool:
    """Whether the desk's users come by https alone."""
    return settings.desk.base_url.lower().startswith("https:")


def answers_to(settings: Settings, host: str) -> bool:
    """Whether the desk answers to a Host header.

    Beyond loopback numbers are answered to as well: no name can be made to lead to another.
    """
    name = _name_of(host)
    desk = settings.desk
    known = {name.lower().strip("[]") for name in (desk.host, *desk.names)} | _LOOPBACK
    if desk.base_url:
        known.add((urlsplit(desk.base_url).hostname or "").lower())
    if name in known:
        return bool(name)
    return not is_loopback(desk.host) and _is_number(name)


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_own_origin(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a form was sent by a page of this desk: what the browser says of it must fit."""
    origin = headers.get("origin", "")
    if not origin:
        # Browsers say at least one of the two with every form; programs have tokens.
        return headers.get("sec-fetch-site", "") == "same-origin"
    own = {f"http://{headers.get('host', '')}".lower()}
    if settings.desk.base_url:
        base = urlsplit(settings.desk.base_url)
        own = {f"{base.scheme}://{base.netloc}".lower()}
        if is_loopback(_name_of(headers.get("host", ""))):
            own.add(f"http://{headers.get('host', '')}".lower())
    return origin.lower() in own
