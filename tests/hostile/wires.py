"""What a hostile server does on the wire: one function for each behaviour of a feed's address."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

Wire = Callable[[asyncio.StreamWriter, "Places"], Awaitable[None]]
MB = 1 << 20
_DRIP_S = 0.2


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are: the server that is asked, and one that nobody may reach."""

    home: str
    forbidden_port: int


async def answer(
    writer: asyncio.StreamWriter,
    body: bytes,
    *,
    status: str = "200 OK",
    headers: tuple[str, ...] = ("Content-Type: application/rss+xml; charset=utf-8",),
) -> None:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close"]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await writer.drain()


def rss(*items: str, before: str = "", title: str = "Feed") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{before}<rss version="2.0"><channel>'
        f"<title>{title}</title><link>http://example.org/</link><description>x</description>"
        f"{''.join(items)}</channel></rss>"
    ).encode("utf-8", "surrogatepass")


def item(address: str, title: str = "A title", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{address}</link>{more}</item>"


async def silence(writer: asyncio.StreamWriter, places: Places) -> None:
    await asyncio.sleep(60)


async def drip(writer: asyncio.StreamWriter, places: Places, *, start: bytes) -> None:
    writer.write(start)
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(_DRIP_S)


async def raw(writer: asyncio.StreamWriter, places: Places, *, sent: bytes) -> None:
    writer.write(sent)
    await writer.drain()


async def flood(
    writer: asyncio.StreamWriter, places: Places, *, start: bytes, again: bytes
) -> None:
    writer.write(start)
    for _ in range(4000):
        writer.write(again)
        await writer.drain()


async def status_of(
    writer: asyncio.StreamWriter, places: Places, *, status: str, headers: tuple[str, ...] = ()
) -> None:
    await answer(writer, b"no", status=status, headers=headers)


async def redirect(writer: asyncio.StreamWriter, places: Places, *, to: str) -> None:
    address = to.format(home=places.home, port=places.forbidden_port)
    await answer(writer, b"", status="302 Found", headers=(f"Location: {address}",))


async def packed(writer: asyncio.StreamWriter, places: Places, *, name: str, body: bytes) -> None:
    kind = "Content-Type: application/rss+xml"
    await answer(writer, body, headers=(kind, f"Content-Encoding: {name}"))


async def sent_as(
    writer: asyncio.StreamWriter,
    places: Places,
    *,
    body: Callable[[Places], bytes],
    kind: str = "application/rss+xml; charset=utf-8",
) -> None:
    await answer(writer, body(places), headers=(f"Content-Type: {kind}",))


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n"
_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))


def _nested_json(places: Places) -> bytes:
    return b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 200_000


def _attributes(places: Places) -> bytes:
    named = " ".join(f'a{n}="x"' for n in range(100_000))
    return rss(f"<item {named}><title>x</title><link>{places.home}/page</link></item>")


def _entity(places: Places, value: str) -> bytes:
    value = value.format(home=places.home, port=places.forbidden_port)
    return rss(item(f"{places.home}/page", "&x;"), before=f"<!DOCTYPE r [<!ENTITY x {value}>]>")


# Polls that must fail, with the reason stated.
FAILING: dict[str, Wire] = {
    "accepts and says nothing": silence,
    "drips its body": partial(drip, start=_HEAD + b"Content-Length: 100000\r\n\r\n"),
    "drips its headers": partial(drip, start=b"HTTP/1.1 200 OK\r\nX-Long: "),
    "drips its status line": partial(drip, start=b"HTTP/1.1 "),
    "drips a redirect": partial(drip, start=b"HTTP/1.1 302 Found\r\nLocation: /"),
    "closes at once": partial(raw, sent=b""),
    "closes among its headers": partial(raw, sent=_HEAD),
    "closes in its body": partial(raw, sent=_HEAD + b"Content-Length: 5000\r\n\r\n<rss"),
    "speaks no HTTP": partial(raw, sent=b"\x16\x03\x01\x02\x00 SSH-2.0-x\r\n\r\n"),
    "answers without headers": partial(raw, sent=rss()),
    "claims a negative length": partial(raw, sent=_HEAD + b"Content-Length: -1\r\n\r\n" + rss()),
    "claims a length of words": partial(raw, sent=_HEAD + b"Content-Length: many\r\n\r\n" + rss()),
    "claims two lengths": partial(
        raw, sent=_HEAD + b"Content-Length: 5\r\nContent-Length: 900\r\n\r\n" + rss()
    ),
    "sends a chunk of nonsense": partial(
        raw, sent=_HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + rss()
    ),
    "claims a chunk of exabytes": partial(
        raw, sent=_HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + rss()
    ),
    "chunks without end": partial(
        flood, start=_HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        again=b"10000\r\n" + b"x" * 0x10000 + b"\r\n",
    ),
    "sends a body without end": partial(
        flood, start=_HEAD + b"Connection: close\r\n\r\n", again=b"x" * 65536
    ),
    "sends headers without end": partial(
        flood, start=b"HTTP/1.1 200 OK\r\n", again=b"X-Header: " + b"y" * 1000 + b"\r\n"
    ),
    "sends one header without end": partial(
        flood, start=b"HTTP/1.1 200 OK\r\nX-Header: ", again=b"y" * 65536
    ),
    "claims a body above the cap": partial(
        raw, sent=_HEAD + b"Content-Length: 99999999999\r\n\r\n" + rss()
    ),
    "answers 401": partial(status_of, status="401 Unauthorized", headers=("WWW-Authenticate: x",)),
    "answers 404": partial(status_of, status="404 Not Found"),
    "answers 410": partial(status_of, status="410 Gone"),
    "answers 418": partial(status_of, status="418 Teapot"),
    "answers 429 for a thousand years": partial(
        status_of, status="429 Busy", headers=("Retry-After: 31536000000",)
    ),
    "answers 500": partial(status_of, status="500 Oops"),
    "answers 503 until a day of words": partial(
        status_of, status="503 Later", headers=("Retry-After: some day",)
    ),
    "answers 999": partial(status_of, status="999 Denied"),
    "answers 304 to nothing asked": partial(raw, sent=b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "redirects to itself": partial(redirect, to="{home}/feed"),
    "redirects to nowhere": partial(status_of, status="302 Found"),
    "redirects to no address": partial(redirect, to="http://[not/an/address"),
    "redirects to a file": partial(redirect, to="file:///etc/passwd"),
    "redirects to gopher": partial(redirect, to="gopher://127.9.9.9:{port}/x"),
    "redirects to a script": partial(redirect, to="javascript:alert(1)"),
    "redirects to data": partial(redirect, to="data:application/rss+xml,<rss/>"),
    "redirects to a private address": partial(redirect, to="http://127.9.9.9:{port}/x"),
    "redirects to a decimal address": partial(redirect, to="http://2131298569:{port}/x"),
    "redirects to an octal address": partial(redirect, to="http://0177.011.011.011:{port}/x"),
    "redirects to a hexadecimal address": partial(redirect, to="http://0x7f.9.9.9:{port}/x"),
    "redirects to a short address": partial(redirect, to="http://127.592137:{port}/x"),
    "redirects to IPv6 loopback": partial(redirect, to="http://[::1]:{port}/x"),
    "redirects to a mapped address": partial(redirect, to="http://[::ffff:127.9.9.9]:{port}/x"),
    "redirects to NAT64": partial(redirect, to="http://[64:ff9b::7f09:909]:{port}/x"),
    "redirects to the unspecified address": partial(redirect, to="http://0.0.0.0:{port}/x"),
    "redirects to a name of this machine": partial(redirect, to="http://localhost.:{port}/x"),
    "redirects to cloud metadata": partial(redirect, to="http://169.254.169.254/latest/"),
    "redirects in wide digits": partial(redirect, to="http://１２７.9.9.9:{port}/x"),
    "redirects with a password": partial(redirect, to="http://user:pass@127.9.9.9:{port}/x"),
    "sends a gzip bomb": partial(
        packed, name="gzip", body=gzip.compress(b" " * (16 * MB), 1)
    ),
    "sends a bomb within gzip": partial(
        packed, name="gzip, gzip", body=gzip.compress(gzip.compress(b" " * (16 * MB), 1))
    ),
    "sends deflate": partial(packed, name="deflate", body=zlib.compress(b" " * (9 * MB))),
    "claims brotli": partial(packed, name="br", body=b"\xce\xb2" * 5000),
    "claims zstd": partial(packed, name="zstd", body=b"\x28\xb5\x2f\xfd" * 500),
    "claims an encoding of its own": partial(packed, name="rot13", body=b"x" * 50),
    "sends broken gzip": partial(packed, name="gzip", body=b"\x1f\x8b" + b"nonsense" * 50),
    "breaks off its gzip": partial(
        packed, name="gzip", body=gzip.compress(rss() * 50)[:-40]
    ),
    "sends empty gzip members": partial(
        packed, name="gzip", body=gzip.compress(b"") * 40_000
    ),
    "is empty": partial(sent_as, body=lambda places: b""),
    "is a picture": partial(
        sent_as, body=lambda places: b"\xff\xd8\xff\xe0" + bytes(range(256)) * 99
    ),
    "is a page that names no feed": partial(
        sent_as, body=lambda places: b"<html><body><h1>Closed</h1></body></html>", kind="text/html"
    ),
    "nests its JSON": partial(sent_as, body=_nested_json, kind="application/feed+json"),
    "is JSON of another kind": partial(
        sent_as, body=lambda places: b'{"items": {"a": 1}}', kind="application/json"
    ),
}  # fmt: skip


def _with(more: str, title: str = "A title", before: str = "") -> Callable[[Places], bytes]:
    def make(places: Places) -> bytes:
        return rss(item(f"{places.home}/page", title, more), before=before)

    return make


def _links(*addresses: str) -> Callable[[Places], bytes]:
    def make(places: Places) -> bytes:
        filled = [a.format(home=places.home, port=places.forbidden_port) for a in addresses]
        return rss(*(item(a) for a in filled), item(f"{places.home}/page"))

    return make


# Feeds that may be read in part or not at all, but never stop, bend or betray us. The page that
# they name is a healthy one: where the feed can be read, its article is there in the end.
BENT: dict[str, Wire] = {
    "laughs a billion times": partial(
        sent_as, body=_with("", "&e11;", f"<!DOCTYPE r [{_ENTITIES}]>")
    ),
    "names a file as an entity": partial(
        sent_as, body=partial(_entity, value='SYSTEM "file:///etc/passwd"')
    ),
    "names a private address as an entity": partial(
        sent_as, body=partial(_entity, value='SYSTEM "http://127.9.9.9:{port}/x"')
    ),
    "names a private DTD": partial(
        sent_as,
        body=lambda p: rss(
            item(f"{p.home}/page"),
            before=f'<!DOCTYPE rss SYSTEM "http://127.9.9.9:{p.forbidden_port}/x">',
        ),
    ),
    "nests its elements": partial(
        sent_as, body=lambda p: rss("<a>" * 100_000, item(f"{p.home}/page"), "</a>" * 100_000)
    ),
    "has an element of 100,000 attributes": partial(sent_as, body=_attributes),
    "has a title of a million letters": partial(sent_as, body=_with("", "x" * MB)),
    "has 2,000 items": partial(
        sent_as,
        body=lambda p: rss(
            item(f"{p.home}/page"), *(item(f"http://127.9.9.9/{n}") for n in range(2_000))
        ),
    ),
    "has one guid for all": partial(
        sent_as, body=_with("<guid>1</guid></item><item><title>B</title><guid>1</guid>")
    ),
    "links to scripts and files": partial(
        sent_as, body=_links("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd")
    ),
    "links to private addresses": partial(
        sent_as,
        body=_links(
            "http://127.9.9.9:{port}/a", "http://[::1]:{port}/b", "http://2131298569:{port}/c",
            "http://localhost:{port}/d", "http://169.254.169.254/e",
        ),
    ),
    "dates its items in no year": partial(
        sent_as, body=_with("<pubDate>Thu, 99 Foo 0000 99:99:99 +9999</pubDate>")
    ),
    "dates its items in the far future": partial(
        sent_as, body=_with("<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate>")
    ),
    "holds control characters": partial(sent_as, body=_with("", "A\x00\x01\x08\x1b\u202e title")),
    "holds half characters": partial(sent_as, body=_with("", "A \ud83d title")),
    "declares another encoding": partial(
        sent_as,
        body=lambda p: rss(item(f"{p.home}/page", "Olá")).replace(b"utf-8", b"koi8-r"),
        kind="application/rss+xml; charset=shift_jis",
    ),
    "declares an encoding that is none": partial(
        sent_as,
        body=lambda p: rss(item(f"{p.home}/page")).replace(b"utf-8", b"x-none"),
        kind="application/rss+xml; charset=x-none",
    ),
    "is UTF-16 without saying so": partial(
        sent_as, body=lambda p: rss(item(f"{p.home}/page")).decode().encode("utf-16-le"),
    ),
    "is cut off in an item": partial(
        sent_as, body=lambda p: rss(item(f"{p.home}/page"), item(f"{p.home}/lost"))[:-60]
    ),
    "never closes its elements": partial(
        sent_as, body=lambda p: f"<rss><channel><item><link>{p.home}/page</link>".encode()
    ),
    "hides a script in its text": partial(
        sent_as, body=_with("<description><![CDATA[<script>alert(1)</script>]]></description>")
    ),
    "has a control character in a header": partial(
        sent_as, body=_with(""), kind='application/rss+xml; charset="utf-8"; x="\x7f"'
    ),
    "names itself as its item": partial(sent_as, body=_links("{home}/feed")),
    "has figures that are none": partial(
        sent_as,
        body=lambda p: json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "x",
                "items": [{"id": float("nan"), "url": f"{p.home}/page", "title": {"a": [1]}}],
            }
        ).encode(),
        kind="application/feed+json",
    ),
}  # fmt: skip
