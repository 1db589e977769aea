from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.ingest import article_id, canonical_url

CHARS = st.characters(codec="utf-8") | st.sampled_from("%&?=#;/:@.+~[]'\"\\ ")


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://Example.ORG:443/a#top", "https://example.org/a"),
        ("http://example.org:80", "http://example.org/"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("https://e.org/a?utm_source=x&id=7&fbclid=y&utm_medium=rss", "https://e.org/a?id=7"),
        ("https://e.org/a?b=2&a=1", "https://e.org/a?b=2&a=1"),
        ("https://e.org/a?x", "https://e.org/a?x"),
        ("https://e.org/a?id=&gallery=3&cid=9", "https://e.org/a?id=&gallery=3&cid=9"),
        ("https://e.org/a?ref=rss&from=newsletter", "https://e.org/a"),
        ("https://e.org/a?source=42", "https://e.org/a?source=42"),
        ("https://e.org/a;jsessionid=0F?x=1", "https://e.org/a?x=1"),
        ("https://ann:secret@e.org/a", "https://e.org/a"),
        ("https://e.org./%c3%a9té", "https://e.org/%C3%A9t%C3%A9"),
        ("https://e.org/x?u=https://f.org/y", "https://e.org/x?u=https://f.org/y"),
        ("https://M\u00fcnchen.de/a", "https://xn--mnchen-3ya.de/a"),
        ("http://[::1]:8600/a", "http://[::1]:8600/a"),
        ("mailto:ann@example.org", ""),
        ("/relative", ""),
        ("", ""),
    ],
)
def test_it_strips_how_a_reader_came_and_keeps_what_is_shown(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@given(path=st.text(CHARS, max_size=40), query=st.text(CHARS, max_size=40))
def test_a_canonical_address_is_its_own_canonical_address(path: str, query: str) -> None:
    once = canonical_url(f"http://Example.org/{path}?{query}")
    assert canonical_url(once) == once


@given(st.text(CHARS, max_size=60))
def test_any_text_at_all_has_a_canonical_address_or_none(text: str) -> None:
    for url in (text, f"https://{text}"):
        once = canonical_url(url)
        assert canonical_url(once) == once
        assert re.fullmatch(r"(https?://\S+)?", once)


@given(
    st.sampled_from(["good.example", "GOOD.example.", "good.example:443", "ann@good.example"]),
    st.text(CHARS, max_size=30).filter(lambda text: not set(text) & set("@")),
)
def test_a_canonical_address_leads_to_no_other_host(host: str, rest: str) -> None:
    found = canonical_url(f"https://{host}/{rest}")
    assert urlsplit(found).hostname == "good.example"


def test_an_article_keeps_its_id_whatever_way_led_to_it() -> None:
    one = article_id("harbour", "https://e.org/a?id=7")
    assert one == article_id("harbour", "https://e.org/a?id=7&utm_source=rss#comments")
    assert one != article_id("harbour", "https://e.org/a?id=8")
    assert one != article_id("ledger", "https://e.org/a?id=7")
    assert re.fullmatch(r"[a-z0-9]{12}", one)
