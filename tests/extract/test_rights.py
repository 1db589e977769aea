"""What pages, headers and hosts reserve, and what it comes to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dragoman.extract import extract_article
from dragoman.types import Page, Reservations

TEXT = "<p>The ferry left the harbour at noon with forty passengers on board, the port said.</p>"


def reserve(
    head: str = "", *headers: tuple[str, str], signals: tuple[tuple[str, str], ...] = ()
) -> Reservations:
    html = (
        f"<html lang=en><head><title>Ferry sails again</title>{head}</head><body><article>"
        f"<h1>Ferry sails again</h1>{TEXT * 4}</article></body></html>"
    )
    url = "https://a.example/1"
    at = datetime(2026, 3, 4, tzinfo=UTC)
    page = Page(url, url, at, 200, html.encode(), headers=headers, signals=signals)
    return extract_article(page).reservations


def test_a_page_that_reserves_nothing_reserves_nothing() -> None:
    assert reserve('<meta name="robots" content="index, max-snippet:-1">') == Reservations()


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (reserve('<meta name="robots" content="noindex">'), "no_index"),
        (reserve("", ("X-Robots-Tag", "noarchive")), "no_archive"),
        (reserve('<meta name="robots" content="NoSnippet">'), "no_extract"),
        (reserve('<meta name="robots" content="max-snippet: 0">'), "no_extract"),
        (reserve('<meta name="robots" content="noai">'), "tdm_reserved"),
        (reserve('<meta name="tdm-reservation" content="1">'), "tdm_reserved"),
        (reserve("", ("Content-Usage", "train-ai=n")), "tdm_reserved"),
        (reserve("", ("Content-Usage", "search=n")), "no_index"),
        (reserve(signals=(("Content-Signal in robots.txt", "ai-input=no"),)), "no_extract"),
        (reserve(signals=(("tdm-reservation in tdmrep.json", "1"),)), "tdm_reserved"),
        (reserve('<script type="application/rsl+xml"><rsl/></script>'), "tdm_reserved"),
    ],
)
def test_each_signal_is_read_with_its_evidence(found: Reservations, wanted: str) -> None:
    assert getattr(found, wanted) is True
    assert len(found.evidence) == 1


@pytest.mark.parametrize(
    "found",
    [
        reserve('<link rel="license" type="application/rsl+xml" href="/license.xml">'),
        reserve("", ("Link", '</license.xml>; rel="license"; type="application/rsl+xml"')),
        reserve(signals=(("License in robots.txt", "https://a.example/license.xml"),)),
    ],
)
def test_a_licence_is_found_wherever_rsl_puts_it(found: Reservations) -> None:
    assert found.tdm_reserved
    assert found.tdm_policy == "https://a.example/license.xml"


def test_a_licence_of_another_kind_is_no_reservation() -> None:
    assert (
        reserve('<link rel="license" href="https://creativecommons.org/by/4.0">') == Reservations()
    )


def test_the_stricter_of_two_signals_counts_and_both_are_kept() -> None:
    found = reserve(
        "",
        ("Content-Usage", "train-ai=y, search=y"),
        signals=(("Content-Usage in robots.txt", "train-ai=n"),),
    )
    assert found.tdm_reserved and not found.no_index
    assert found.usage == (("search", True), ("train-ai", False))
