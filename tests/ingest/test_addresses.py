from __future__ import annotations

import ipaddress

import pytest

from dragoman.errors import ConfigError, FetchError, Forbidden
from dragoman.ingest.addresses import is_allowed, parse_networks, parse_target
from dragoman.ingest.connect import make_connector, resolve_name

LOOPBACK = parse_networks(["127.0.0.0/8", "::1"])

NOT_PUBLIC = [
    "127.0.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.0.170",
    "192.88.99.1",
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "2606:4700::5efe:10.0.0.1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_it_refuses_an_address_that_is_not_public(text: str) -> None:
    assert not is_allowed(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text", ["93.184.216.34", "2606:4700::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_it_allows_a_public_address_and_its_translated_forms(text: str) -> None:
    assert is_allowed(ipaddress.ip_address(text))


def test_an_allowed_network_is_the_only_exception() -> None:
    networks = parse_networks(["192.168.7.0/24"])
    assert is_allowed(ipaddress.ip_address("192.168.7.9"), networks)
    assert not is_allowed(ipaddress.ip_address("192.168.8.9"), networks)


@pytest.mark.parametrize(
    "host",
    [
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.1",
        "0177.0.0.1",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "127.0.0.1.",
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "[fe80::1%25eth0]",
    ],
)
def test_it_sees_through_every_spelling_of_a_private_number(host: str) -> None:
    with pytest.raises((Forbidden, FetchError)):
        parse_target(f"http://{host}/x", ())


def test_a_number_is_asked_under_its_plain_spelling() -> None:
    target = parse_target("http://0x7f.1:8080/x#top", LOOPBACK)
    assert target.url == "http://127.0.0.1:8080/x"
    assert target.key == "127.0.0.1:8080"


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/html,x"]
)
def test_it_refuses_other_schemes(url: str) -> None:
    with pytest.raises(Forbidden, match="only http and https"):
        parse_target(url, ())


def test_it_refuses_credentials_and_does_not_repeat_them() -> None:
    with pytest.raises(Forbidden) as caught:
        parse_target("https://ann:hunter2@example.org/feed", ())
    assert "hunter2" not in str(caught.value)
    assert "example.org/feed" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://",
        "http:///x",
        "http://[::1/",
        "http://a b/",
        "http://e.org:99999/",
        "http://1.2.3.4.5/",
    ],
)
def test_it_says_that_an_address_is_none(url: str) -> None:
    with pytest.raises(FetchError, match="no web address"):
        parse_target(url, ())


def test_a_network_that_is_none_is_an_error_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match="allow_networks"):
        parse_networks(["192.168.1.0/99"])


async def test_the_socket_itself_refuses_what_passed_every_other_gate() -> None:
    import aiohttp

    connector = make_connector((), resolve_name)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get("http://127.0.0.1:9/")
    assert isinstance(caught.value.os_error, PermissionError)
