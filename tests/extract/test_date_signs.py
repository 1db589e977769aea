"""Where a page says its date in places of its own."""

from datetime import UTC, date, datetime
from typing import Any

from dragoman.extract import extract_article
from dragoman.types import Moment, Page

URL = "https://news.example.org/harbour-reopens"
FETCHED = datetime(2022, 11, 28, 9, 0, tzinfo=UTC)
TEXT = "".join(
    f"<p>{line}</p>"
    for line in (
        "The harbour of Port Lorne reopened after the storm, and the first two ferries left with "
        "more than four hundred passengers on board.",
        "Engineers had worked through three nights to free the lock gates, which were jammed by "
        "driftwood and a fishing boat that had broken loose from its mooring.",
        "The council expects the repairs to cost about two million, and asked the government to "
        "bear half of it. A decision is due in the spring, officials said.",
    )
)


def find(head: str = "", above: str = "", below: str = "", after: str = "") -> Moment | None:
    html = (
        f"<html lang='en'><head><title>The harbour reopens</title>{head}</head><body><main>"
        f"<h1>The harbour reopens</h1>{above}{TEXT}{below}</main>{after}</body></html>"
    )
    values: dict[str, Any] = {
        "url": URL, "final_url": URL, "fetched": FETCHED, "status": 200, "body": html.encode(),
    }  # fmt: skip
    return extract_article(Page(**values)).published.moment


def day_of(moment: Moment | None) -> date | None:
    return moment.at.date() if moment else None


def test_a_date_behind_the_headline_of_the_window_is_the_date() -> None:
    head = "<meta property='og:title' content='The harbour reopens | The Post | 27.12.2021'>"
    caption = "<div>The ferry at the quay of Port Lorne, 24 December 2021</div>"
    assert day_of(find(head, above=caption)) == date(2021, 12, 27)


def test_a_labelled_date_goes_before_a_day_among_other_words() -> None:
    caption = "<div>The old ferry at the quay of Port Lorne in bad weather, 24 December 2021</div>"
    assert day_of(find(above=caption, below="<div>Date: 27 December 2021</div>")) == date(
        2021, 12, 27
    )


def test_a_byline_that_passed_for_text_still_says_its_date() -> None:
    line = "<p><span>Ada Brandt |</span> <span>27.12.2021 - Updated: 28.12.2021</span></p>"
    assert day_of(find(above=line)) == date(2021, 12, 27)


def test_a_day_in_the_data_of_the_page_is_the_date_where_nothing_else_says_one() -> None:
    moment = find(after="<div data-publish-dt='2021.12.27 18:40'></div>")
    assert moment is not None
    assert moment.at == datetime(2021, 12, 27, 18, 40, tzinfo=UTC)
    assert not moment.is_zone_known
    script = r'<script>push("{\"title\":\"x\",\"deployDt\":\"2021.12.27 18:40\"}")</script>'
    assert day_of(find(after=script)) == date(2021, 12, 27)


def test_data_that_names_several_days_says_nothing() -> None:
    script = '<script>x = [{"regDt": "2021-12-27 10:00"}, {"regDt": "2021-12-20 10:00"}]</script>'
    assert find(after=script) is None
