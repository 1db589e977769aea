"""What came from outside is made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.sanitize import clean_text, clean_url


def test_it_drops_what_cannot_be_seen_and_what_turns_text_round() -> None:
    assert clean_text("a\u200bb\u202ec\x00d\ufeff") == "abcd"


def test_it_keeps_the_joiners_that_persian_needs() -> None:
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"


def test_it_folds_white_space_but_keeps_lines_where_asked() -> None:
    assert clean_text(" a \n\u00a0 b ") == "a b"
    assert clean_text(" a \r\n\u00a0 b ", is_block=True) == "a\nb"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "",
        "http://",
        "//",
        "http://[",
        "http://a:b:c/",
    ],
)
def test_it_refuses_addresses_that_are_not_of_the_web(url: str) -> None:
    assert clean_url(url) == ""


def test_it_makes_addresses_absolute_and_drops_credentials() -> None:
    assert (
        clean_url("/b?c#d", "https://user:word@a.example:8443/x") == "https://a.example:8443/b?c#d"
    )


@given(st.text(max_size=80))
def test_a_clean_address_is_of_the_web_or_empty(url: str) -> None:
    clean = clean_url(url, "https://a.example/")
    assert clean == "" or clean.startswith(("http://", "https://"))
