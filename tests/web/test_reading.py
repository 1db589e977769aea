"""Sections, days, the languages that a reader reads, share cards, and reading offline."""

import io
import json
from dataclasses import replace
from datetime import date
from importlib import import_module

import pytest
from lxml import html
from PIL import Image
from sqlalchemy import update

from dragoman.sections import SECTIONS, choose_section, find_section
from dragoman.store import Store, articles, editions, open_store, schema, stories
from dragoman.types import Grouping
from dragoman.web import answer
from dragoman.web.cards import Card, can_draw, draw_card
from dragoman.web.fronts import parse_day
from dragoman.web.offline import write_worker
from dragoman.web.reading import find_reads
from tests.web import newsroom as news
from tests.web.conftest import SETTINGS, Site
from tests.web.selecting import find


def page_of(site: Site, path: str, query: str = "", **headers: str) -> html.HtmlElement:
    found = answer(site.db, site.settings, path, query=query, headers=headers)
    assert found.status == 200, (path, found.status)
    return html.document_fromstring(found.body.decode())


def words(page: html.HtmlElement) -> str:
    return " ".join(page.get_element_by_id("main").text_content().split())


@pytest.fixture(scope="module")
def sectioned() -> Site:
    """A relay whose publishers name sections in their own languages, or in their addresses."""
    named = (
        (news.FERRY, "Economia", ""),
        (news.FERRY_NATIVE, "", "https://harbour.example/business/2026/ferry"),
        (news.FERRY_ARABIC, "محليات", ""),
        (news.BUDGET, "Politique", ""),
        (news.COMET, "Ciência e Ambiente", ""),
        (news.STORM, "", ""),
    )
    db = open_store("sqlite://").__enter__()
    for article, section, url in named:
        articles.put_article(db, replace(article, section=section, url=url or article.url), "1")
    ids = [article.id for article, _, _ in named]
    groupings = [one for one in news.GROUPINGS if one.article in ids]
    stories.put_links(db, (), groupings, "1", ids)
    return Site(db)


@pytest.mark.parametrize(
    ("name", "address", "section"),
    [
        ("Sport", "", "sport"), ("Wirtschaft", "", "economy"), ("В мире", "", "world"),
        ("اقتصاد", "", "economy"), ("الاقتصاد", "", "economy"), ("Faits divers", "", "society"),
        ("Science & Environment", "", "science"), ("Economía y negocios", "", "economy"),
        ("体育", "", "sport"), ("Local", "https://a.example/sport/x", "sport"),
        ("", "https://a.example/deportes/futbol/2026/x", "sport"),
        ("", "https://a.example/world-cup-final", ""), ("Home", "", ""), ("About us", "", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_publishers_own_words_lead_to_a_section(name: str, address: str, section: str) -> None:
    assert find_section(name, address) == section


def test_a_story_stands_where_most_of_its_reports_do_and_not_where_they_were_printed() -> None:
    assert choose_section({"world": 5, "economy": 2, "sport": 1}) == "economy"
    assert choose_section({"world": 1, "local": 1}) == "world"
    assert choose_section({}) == ""
    assert set(SECTIONS) >= {choose_section({name: 1}) for name in SECTIONS}


def test_each_section_has_a_page_of_its_stories(sectioned: Site) -> None:
    front = page_of(sectioned, "/en/")
    named = [a.text_content() for a in find(front, ".sections a")]
    assert named == ["All", "Politics", "Economy", "Science", "Other stories"]
    page = page_of(sectioned, "/en/section/economy/")
    assert len(find(page, ".story")) == 1
    assert "Economy" in words(page)
    assert find(page, ".sections [aria-current]")[0].get("href") == "/en/section/economy/"
    assert "Temporal fecha a barra" in words(page_of(sectioned, "/en/section/other/"))
    assert sectioned.get("/en/section/sport/").status == 404
    assert sectioned.get("/en/section/economy/page/2/").status == 404


def test_sections_are_named_in_the_language_of_the_edition(sectioned: Site) -> None:
    page = page_of(sectioned, "/ar/section/economy/")
    assert "اقتصاد" in words(page)


def test_a_story_changes_its_section_with_its_reports(sectioned: Site) -> None:
    db = sectioned.db
    articles.put_article(db, replace(news.STORM, section="Wetter"), "1")
    stories.put_links(db, (), [Grouping(news.STORM.id, "storm", "storm-story")], "1", [])
    assert stories.summaries(db, ["storm-story"])["storm-story"].section == "science"
    articles.put_article(db, news.STORM, "1")
    assert stories.summaries(db, ["storm-story"])["storm-story"].section == ""


def test_each_day_has_its_edition_with_the_days_beside_it(site: Site) -> None:
    page = page_of(site, "/en/day/2026-11-18/")
    assert len(find(page, ".story")) == 1
    assert "November 18, 2026" in words(page)
    links = {a.get("rel"): a.get("href") for a in find(page, ".days a")}
    assert links["prev"] == "/en/day/2026-11-17/"
    assert links["next"] == "/en/day/2026-11-19/"
    assert site.get("/en/day/2026-11-01/").status == 404
    assert site.get("/en/day/2026-02-30/").status == 404
    assert site.get("/en/day/2026-11-18/page/2/").status == 404


def test_a_day_holds_every_story_that_was_reported_on_it(site: Site) -> None:
    # The Arabic report of the ferry came a day after the others.
    assert "The ferry" in words(page_of(site, "/en/day/2026-11-19/"))
    # An undated report stands on the day when it was first seen.
    assert find(page_of(site, "/en/"), ".days a")[0].get("href") == "/en/day/2026-11-20/"
    assert "Cometa visível" in words(page_of(site, "/en/day/2026-11-20/"))


def test_a_day_is_read_as_the_calendar_has_it() -> None:
    assert parse_day("2026-11-22") == date(2026, 11, 22)
    assert parse_day("2026-02-30") is None
    assert parse_day("0001-01-01") is None


def test_articles_in_languages_that_are_read_stay_original(site: Site) -> None:
    plain = words(page_of(site, "/en/story/ferry-story/"))
    read = page_of(site, "/en/story/ferry-story/", "read=pt")
    assert "Ferry links the islands again after eleven days" in plain
    assert "Ferry links the islands" not in words(read)
    headline = [a for a in find(read, "main a") if a.text_content() == news.FERRY.title]
    assert headline
    assert all(a.get("lang") == "pt" for a in headline)


def test_an_article_in_a_language_that_is_read_begins_with_the_original(site: Site) -> None:
    path = f"/en/article/{news.FERRY.id}/"
    assert find(page_of(site, path), "input[id=show-translation][checked]")
    for query, cookie in (("read=pt,ar", ""), ("", "read=es.pt")):
        page = page_of(site, path, query, cookie=cookie)
        assert find(page, "input[id=show-original][checked]")
        assert find(page, "h1")[0].text_content() == news.FERRY.title
        assert "so the original comes first" in words(page)
    page = page_of(site, path, "read=", cookie="read=pt")
    assert find(page, "input[id=show-translation][checked]")


def test_the_choice_of_languages_is_kept_in_a_cookie_that_is_sent_back(site: Site) -> None:
    offered = [box.get("value") for box in find(page_of(site, "/en/languages/"), "[name=read]")]
    assert {"pt", "ar", "fr"} <= set(offered)
    assert "en" not in offered
    saved = answer(site.db, site.settings, "/en/languages/", query="save=1&read=pt&read=ar")
    assert (saved.status, saved.fields["location"]) == (303, "/en/languages/?saved=1")
    cookie = saved.fields["set-cookie"]
    assert cookie.startswith("read=pt.ar; Path=/; Max-Age=31536000; SameSite=Lax")
    page = page_of(site, "/en/languages/", cookie=cookie.partition(";")[0])
    assert {box.get("value") for box in find(page, "[checked]")} == {"pt", "ar"}
    none = answer(site.db, site.settings, "/en/languages/", query="save=1")
    assert "Max-Age=0" in none.fields["set-cookie"]


@pytest.mark.parametrize(
    "query",
    [
        "read=pt%0d%0aSet-Cookie:x=1",
        "read=<script>",
        "read=" + "pt," * 9000,
        "read=%ff%fe",
        "&" * 99,
    ],
)
def test_hostile_choices_fall_away(site: Site, query: str) -> None:
    assert set(find_reads(query, {})) <= {"pt"}
    saved = answer(site.db, site.settings, "/en/languages/", query=f"save=1&{query}")
    cookie = saved.fields.get("set-cookie", "")
    assert "\n" not in cookie
    assert "<" not in cookie
    assert find_reads("", {"cookie": 'read="\x00; read=pt' * 500}) in ((), ("pt",))


def test_what_depends_on_a_cookie_says_so_to_caches(site: Site) -> None:
    for path in ("/en/", "/en/article/ferrypt00001/", "/en/story/ferry-story/"):
        assert site.get(path).fields["vary"] == "cookie"


def test_how_the_site_works_is_told_with_figures_and_licences(newsroom: Store) -> None:
    site = Site(newsroom, replace(SETTINGS, engines=("firefox", "apertium")))
    page = words(page_of(site, "/en/about/"))
    for part in (
        "5 sources",
        "8 articles",
        "MPL-2.0",
        "English  Portuguese",
        "firefox and apertium",
    ):
        assert part.replace("  ", " ") in page, part
    assert "5 источников" in words(
        page_of(Site(newsroom, replace(site.settings, editions=("ru",))), "/ru/about/")
    )


def test_contact_names_the_address_and_what_publishers_can_ask_for(site: Site) -> None:
    page = page_of(site, "/en/contact/")
    assert find(page, "main a")[0].get("href") == "mailto:desk@relay.example"
    assert "For publishers" in words(page)


def test_a_card_shows_a_headline_in_its_own_script() -> None:
    assert can_draw("en"), "the tests need fonts: install the package 'fonts-noto-core'"
    texts = {"en": "The ferry sails again", "ar": "العبّارة تعود إلى الجزر", "ru": "Паром вернулся"}
    drawn = set()
    for language, title in texts.items():
        data = draw_card(Card("Relay", title, language, "Outlet", "en"))
        assert data is not None
        image = Image.open(io.BytesIO(data))
        assert (image.size, image.format) == ((1200, 630), "PNG")
        assert len(data) < 100_000
        drawn.add(data)
    assert len(drawn) == 3


def test_arabic_letters_are_joined_and_begin_on_the_right() -> None:
    def ink(title: str, language: str) -> tuple[int, int, int, int]:
        data = draw_card(Card("", title, language))
        assert data is not None
        headline = Image.open(io.BytesIO(data)).convert("L").crop((0, 60, 1200, 520))
        box = headline.point(lambda value: 255 if value < 128 else 0).getbbox()
        assert box is not None
        return box

    assert ink("سلام", "ar")[2] > 1100
    assert ink("hello", "en")[0] < 100
    joined, apart = ink("سلام", "ar"), ink("س ل ا م", "ar")
    assert joined[2] - joined[0] < 0.8 * (apart[2] - apart[0])


def test_there_is_no_card_rather_than_boxes() -> None:
    assert draw_card(Card("Relay", "\U0001fbfa \U00013000 𒀀", "en")) is None
    assert draw_card(Card("Relay", "  ", "en")) is None


def test_a_long_headline_fits_on_its_card() -> None:
    data = draw_card(Card("Relay", "interminable headline " * 60, "en", "outlet " * 90, "en"))
    assert data is not None
    image = Image.open(io.BytesIO(data)).convert("L")
    margin = image.crop((1150, 20, 1200, 630)).point(lambda value: 255 if value < 128 else 0)
    assert margin.getbbox() is None


def test_pages_name_their_cards(site: Site) -> None:
    for path in ("/en/", "/en/story/ferry-story/", "/ar/article/ferrypt00001/"):
        (image,) = page_of(site, path).xpath("//meta[@property='og:image']")
        address = str(image.get("content")).removeprefix(SETTINGS.base_url)
        found = site.get(address)
        assert (found.status, found.fields["content-type"]) == (200, "image/png"), address
    assert site.get(f"/en/article/{news.GONE.id}/card.png").status == 410
    assert site.get("/en/article/nowhere/card.png").status == 404


def test_the_manifest_and_the_worker_know_the_editions(site: Site) -> None:
    manifest = json.loads(site.get("/ar/manifest.webmanifest").body)
    assert (manifest["lang"], manifest["dir"], manifest["start_url"]) == ("ar", "rtl", "/ar/")
    found = site.get("/worker.js")
    assert found.fields["content-type"].startswith("text/javascript")
    assert "immutable" not in found.fields["cache-control"]
    assert '"editions":["en","pt"' in found.body.decode()
    assert write_worker(("en",)) != write_worker(("pt",))


def test_an_older_archive_is_sorted_into_sections_when_it_is_opened(sectioned: Site) -> None:
    step = import_module("dragoman.store.migrations.versions.0010_sections")
    db = sectioned.db
    before = editions.count_by_section(db)
    with db.write() as connection:
        connection.execute(update(schema.articles).values(section=""))
        connection.execute(update(schema.stories).values(section=""))
        step._fill_articles(connection)
        step._fill_stories(connection)
    assert editions.count_by_section(db) == before
    assert before["economy"] == 1
