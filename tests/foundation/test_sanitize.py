"""What came from outside is made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.sanitize import _CLEAN, clean_text, clean_url


def test_it_drops_what_cannot_be_seen_and_what_turns_text_round() -> None:
    assert clean_text("a\u200bb\u202ec\x00d\ufeff") == "abcd"


def test_it_keeps_the_joiners_that_persian_needs() -> None:
    assert clean_text("می\u200cخواهم") == "می\u200cخواهم"


def test_it_folds_white_space_but_keeps_lines_where_asked() -> None:
    assert clean_text(" a \n\u00a0 b ") == "a b"
    assert clean_text(" a \r\n\u00a0 b ", is_block=True) == "a\nb"


HIDDEN = st.sampled_from(
    list("aeé\u0301\u0327\u200b\u200d\u202e\ufeff\x00\x85\u00a0\u2028\ud800ﬁ가\n\r ")
)


@given(st.text() | st.text(HIDDEN), st.booleans())
def test_cleaning_twice_changes_nothing_more(text: str, is_block: bool) -> None:
    once = clean_text(text, is_block=is_block)
    assert clean_text(once, is_block=is_block) == once


def test_a_letter_and_its_accent_meet_when_what_parted_them_is_gone() -> None:
    assert clean_text("e\u200b\u0301") == "é"


@given(st.text() | st.text(HIDDEN))
def test_a_clean_text_hides_nothing(text: str) -> None:
    clean = clean_text(text)
    assert not set(clean) & set("\x00\u200b\u202e\ufeff\ud800\n\x85")
    assert clean == clean.strip()


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


@given(st.from_regex(_CLEAN, fullmatch=True))
def test_an_address_that_is_clean_already_is_what_cleaning_would_give(url: str) -> None:
    assert clean_url(url) == url
    assert clean_url(url, "https://a.example/") == url  # taken apart and put together again
