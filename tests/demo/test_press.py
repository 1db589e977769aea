"""The sample press is what its truth says, over real servers on loopback."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import fastfeedparser
import feedparser
import lxml.html
import pytest

from demo.outlets import Outlet, read_outlets
from demo.press import Press
from demo.truth import Expected, expected_articles

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TRUTH = expected_articles()
PUBLIC = [one for one in TRUTH if not one.is_private]
EVENT_DAYS = {
    "pact-announced": date(2026, 11, 10),
    "quake": date(2026, 11, 11),
    "comet": date(2026, 11, 12),
    "ferry": date(2026, 11, 13),
    "transfer": date(2026, 11, 13),
    "pact-held": date(2026, 11, 14),
}
DATED = {
    "en": r"({days}),? (?:(?P<d>\d+) (?:November|January)|(?:Nov\.|January) (?P<e>\d+))",
    "pt": r"({days}) \((?P<d>\d+)\)",
    "es": r"({days}) (?P<d>\d+) de noviembre",
    "fr": r"({days}) (?P<d>\d+) novembre",
}


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(now=NOW) as running:
        yield running


def fetch(address: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(
        address, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def address_of(press: Press, outlet: str) -> str:
    return next(one.address for one in press.outlets if one.id == outlet)


def feed_address(outlet: Outlet) -> str:
    return f"{outlet.address}{outlet.settings['feed']['path']}"


def words(text: str) -> str:
    return " ".join(text.split())


def text_of(page: str) -> str:
    return words("".join(map(str, lxml.html.fromstring(page.encode()).itertext())))


def id_of(one: Expected) -> str:
    return f"{one.outlet}-{one.slug}"


def living(press: Press) -> list[Outlet]:
    return [outlet for outlet in press.outlets if outlet.settings["feed"]["kind"]]


def test_every_feed_parses_and_lists_its_articles(press: Press) -> None:
    for outlet in living(press):
        _, text, headers = fetch(feed_address(outlet))
        expected = {one.title for one in TRUTH if one.outlet == outlet.id}
        if outlet.settings["feed"]["kind"] == "json":
            assert headers["Content-Type"].startswith("application/feed+json")
            assert {item["title"] for item in json.loads(text)["items"]} == expected
            continue
        parsed = feedparser.parse(text)
        assert not parsed.bozo, outlet.id
        assert {entry.title for entry in parsed.entries} == expected
        assert {entry.title for entry in fastfeedparser.parse(text).entries} == expected


def test_feeds_tell_the_moment_of_publication(press: Press) -> None:
    for outlet in living(press):
        if outlet.settings["feed"]["kind"] == "json":
            continue
        moments = {one.title: datetime.fromisoformat(one.published) for one in TRUTH}
        for entry in feedparser.parse(fetch(feed_address(outlet))[1]).entries:
            year, month, day, hour, minute, second = entry.published_parsed[:6]
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            assert moment == moments[entry.title]


def test_one_feed_is_full_and_one_has_excerpts_only(press: Press) -> None:
    feeds = {
        one.id: feedparser.parse(fetch(feed_address(one))[1])
        for one in press.outlets
        if one.id in {"harbour", "ledger"}
    }
    assert all("<p>" in entry.content[0].value for entry in feeds["harbour"].entries)
    assert all(entry.summary.endswith("[Read more]") for entry in feeds["ledger"].entries)
    assert all("?utm_source=" in entry.link for entry in feeds["ledger"].entries)


def test_one_outlet_is_found_by_its_front_page_alone(press: Press) -> None:
    outlet = next(one for one in press.outlets if one.follow == "/")
    page = lxml.html.fromstring(fetch(outlet.address + "/")[1].encode())
    link = page.find(".//link[@rel='alternate'][@type='application/atom+xml']")
    assert link is not None
    assert outlet.address + str(link.get("href")) == feed_address(outlet)


def test_the_dead_feed_answers_404_with_a_page(press: Press) -> None:
    row = next(one for one in press.subscriptions() if one["id"] == "semaphore")
    status, text, headers = fetch(row["url"])
    assert status == 404
    assert headers["Content-Type"].startswith("text/html")
    assert "<h1>" in text


@pytest.mark.parametrize("one", PUBLIC, ids=id_of)
def test_a_page_holds_what_its_truth_says(press: Press, one: Expected) -> None:
    status, page, _ = fetch(address_of(press, one.outlet) + one.path)
    if one.is_withdrawn:
        assert status == 410
        return
    assert status == 200
    text = text_of(page)
    for expected in (one.title, *one.authors, *one.paragraphs, *one.notes.promotions):
        assert words(expected) in text
    for picture in one.notes.pictures:
        assert words(picture.caption) in text
        assert words(picture.credit) in text
        assert words(picture.alt) in words(page)


def test_the_boilerplate_of_an_outlet_is_on_its_pages(press: Press) -> None:
    for outlet in press.outlets:
        mine = [one for one in PUBLIC if one.outlet == outlet.id and not one.is_withdrawn]
        pages = "\n".join(text_of(fetch(outlet.address + one.path)[1]) for one in mine)
        assert [line for line in outlet.settings["boilerplate"] if words(line) not in pages] == []


@pytest.mark.parametrize("one", TRUTH, ids=id_of)
def test_no_body_holds_what_is_never_body(one: Expected) -> None:
    body = "\n".join(one.paragraphs)
    assert [line for line in one.never if line in body] == []
    assert one.notes.promotions or one.is_private


def test_every_link_inside_a_press_leads_somewhere(press: Press) -> None:
    for outlet in press.outlets:
        known = press.stand.sites[outlet.id].known_paths()
        for one in (one for one in PUBLIC if one.outlet == outlet.id and not one.is_withdrawn):
            page = lxml.html.fromstring(fetch(outlet.address + one.path)[1].encode())
            links = page.xpath("//@href | //@src | //@data-src | //@data-video")
            for link in map(str, links if isinstance(links, list) else []):
                if not link.startswith("data:"):
                    assert link.startswith(outlet.address), link
                    assert urlsplit(link).path in known, link


def test_the_forbidden_page_is_in_the_feed_and_in_robots_txt(press: Press) -> None:
    (one,) = (one for one in TRUTH if one.is_private)
    address = address_of(press, one.outlet)
    assert "Disallow: /private/" in fetch(address + "/robots.txt")[1]
    assert address + one.path in fetch(address + "/atom.xml")[1]


def test_every_outlet_has_a_robots_txt(press: Press) -> None:
    for outlet in press.outlets:
        assert "User-agent: *" in fetch(outlet.address + "/robots.txt")[1]


def test_pages_and_feeds_answer_304_to_a_tag_and_to_a_date(press: Press) -> None:
    for outlet in living(press):
        page = next(one for one in PUBLIC if one.outlet == outlet.id and not one.is_withdrawn)
        for address in (feed_address(outlet), outlet.address + page.path):
            _, _, headers = fetch(address)
            assert fetch(address, If_None_Match=headers["ETag"])[:2] == (304, "")
            assert fetch(address, If_Modified_Since=headers["Last-Modified"])[0] == 304
            assert fetch(address, If_None_Match='"other"')[0] == 200
            assert fetch(address, If_Modified_Since="Sun, 01 Nov 2026 00:00:00 GMT")[0] == 200
            assert fetch(address, If_Modified_Since="nonsense")[0] == 200


def test_head_answers_without_content(press: Press) -> None:
    outlet = press.outlets[0]
    connection = http.client.HTTPConnection("127.0.0.1", outlet.port)
    connection.request("HEAD", outlet.follow)
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()


@pytest.mark.parametrize(
    "path",
    [
        "/../outlet.toml",
        "/media/../outlet.toml",
        "/media/%2e%2e/outlet.toml",
        "/media/..%2f..%2fharbour%2foutlet.toml",
        "//etc/passwd",
        "/media/",
        "/page.html",
        "/articles/",
    ],
)
def test_nothing_but_known_paths_is_served(press: Press, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", press.outlets[0].port)
    connection.putrequest("GET", path, skip_accept_encoding=True)  # as it is, not normalised
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 404
    assert "number =" not in text


def test_hits_record_what_was_asked(press: Press) -> None:
    outlet = press.outlets[1]
    fetch(outlet.address + "/nowhere?x=1")
    assert press.hits[-1] == (outlet.id, "/nowhere", 404)


def test_the_correction_and_the_withdrawal_come_with_the_phase() -> None:
    with Press(phase="before", now=NOW) as press:
        corrected = [one for one in TRUTH if one.updated != one.published]
        withdrawn = [one for one in TRUTH if one.is_withdrawn]
        assert len(corrected) == 2
        assert len(withdrawn) == 1
        before = {one.slug: fetch(address_of(press, one.outlet) + one.path) for one in corrected}
        gone = address_of(press, withdrawn[0].outlet) + withdrawn[0].path
        assert fetch(gone)[0] == 200
        press.set_phase("after")
        assert fetch(gone)[0] == 410
        for one in corrected:
            address = address_of(press, one.outlet) + one.path
            headers = before[one.slug][2]
            status, page, _ = fetch(address, If_None_Match=headers["ETag"])
            assert status == 200
            assert page != before[one.slug][1]
            assert fetch(address, If_Modified_Since=headers["Last-Modified"])[0] == 200
        assert "2026-11-15T15:00:00-06:00" in fetch(address_of(press, "gaceta") + "/feed.json")[1]


def test_a_correction_may_change_the_headline_but_not_the_address() -> None:
    before = {(one.outlet, one.slug): one for one in expected_articles("before")}
    changed = [one for one in TRUTH if one != before[one.outlet, one.slug] and not one.is_withdrawn]
    assert all(one.path == before[one.outlet, one.slug].path for one in TRUTH)
    renamed = [one for one in changed if one.title != before[one.outlet, one.slug].title]
    assert [one.slug for one in renamed] == ["sismo-san-jacinto-del-risco"]


def test_an_unknown_phase_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of"):
        Press(phase="during")


def test_a_taken_port_is_an_error_and_leaves_nothing_open(press: Press) -> None:
    with pytest.raises(OSError, match=r"[Aa]ddress"):
        Press(press.outlets[0].port)


def test_there_are_enough_articles_of_every_language() -> None:
    counts = Counter(one.language.split("-")[0] for one in PUBLIC)
    assert counts == {"en": 11, "pt": 11, "fr": 6, "es": 5, "ar": 5}


def test_every_story_is_told_in_three_languages_and_three_in_all_five() -> None:
    stories: dict[str, set[str]] = {}
    for one in PUBLIC:
        if one.story:
            stories.setdefault(one.story, set()).add(one.language.split("-")[0])
    assert {story: len(languages) for story, languages in stories.items()} == {
        "pact": 5,
        "quake": 5,
        "comet": 5,
        "ferry": 4,
        "transfer": 3,
    }


def test_one_story_has_two_events_days_apart() -> None:
    events = {(one.story, one.event) for one in PUBLIC if one.story}
    assert Counter(story for story, _ in events)["pact"] == 2
    assert len(events) == len(EVENT_DAYS)


def test_three_articles_belong_to_no_story() -> None:
    lone = {one.slug for one in PUBLIC if one.story is None}
    assert len(lone) == 3
    assert "rede-sismica-vale-de-sobreiros" in lone  # an earthquake, but not the story's


def test_a_wire_copy_repeats_the_first_print_nearly_word_for_word() -> None:
    by_name = {f"{one.outlet}/{one.slug}": one for one in TRUTH}
    copies = [one for one in TRUTH if one.wire_copy_of]
    assert len(copies) == 2
    for copy in copies:
        first = by_name[str(copy.wire_copy_of)]
        mine, theirs = ({*" ".join(one.paragraphs).split()} for one in (copy, first))
        assert len(mine & theirs) / len(mine | theirs) > 0.75
        assert copy.published > first.published or copy.outlet != first.outlet


def test_published_times_have_the_offset_of_the_outlet() -> None:
    zones = {outlet.id: ZoneInfo(outlet.settings["zone"]) for outlet in read_outlets()}
    for one in TRUTH:
        moment = datetime.fromisoformat(one.published)
        assert moment.utcoffset() == moment.astimezone(zones[one.outlet]).utcoffset()
        assert date(2026, 11, 9) <= moment.date() <= date(2026, 11, 15)


@pytest.mark.parametrize("one", PUBLIC, ids=id_of)
def test_every_weekday_agrees_with_its_date(one: Expected) -> None:
    outlet = next(outlet for outlet in read_outlets() if outlet.id == one.outlet)
    names = outlet.settings["dates"]["weekdays"]
    captions = [picture.caption for picture in one.notes.pictures]
    text = "\n".join([one.title, one.summary, *one.paragraphs, *captions])
    if one.event:
        weekday = names[EVENT_DAYS[one.event].weekday()]
        assert weekday.removesuffix("-feira") in text.lower() or weekday in text
    pattern = DATED.get(one.language.split("-")[0])
    for found in re.finditer(pattern.format(days="|".join(names)), text) if pattern else ():
        day = int(found["d"] or found["e"]) if "e" in found.groupdict() else int(found["d"])
        is_later = "January" in found[0]
        moment = date(2027, 1, day) if is_later else date(2026, 11, day)
        assert names[moment.weekday()] == found[1], found[0]


def test_a_page_without_a_date_shows_only_the_clock(press: Press) -> None:
    for one in (one for one in PUBLIC if one.outlet == "serra"):
        page = fetch(address_of(press, "serra") + one.path)[1]
        assert "domingo, 22 de novembro de 2026" in page
        for trace in ("datetime", "ld+json", "published", "og:", one.published[:10]):
            assert trace not in page.replace(one.path, "").replace("/noticias/2026-11", "")


def test_the_clock_stands_beside_good_metadata_too(press: Press) -> None:
    for one in (one for one in PUBLIC if one.outlet == "manara"):
        page = fetch(address_of(press, "manara") + one.path)[1]
        assert "الأحد 22 تشرين الثاني 2026" in page
        assert json.dumps(one.published) in page
