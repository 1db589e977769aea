"""What readers find on the pages, from the address to the answer."""

import gzip
import json
import re
from dataclasses import replace

import pytest
from lxml import html

from dragoman import languages
from dragoman.store import Store, articles, open_store, stories, translations
from dragoman.types import Check, Grouping, Verdict
from dragoman.web.export import list_addresses
from dragoman.web.shelf import fill_shelf, find_lead
from dragoman.web.site import SECURITY
from tests.web import newsroom as news
from tests.web.conftest import SETTINGS, SMALL, Site
from tests.web.selecting import find


def tree(site: Site, path: str) -> html.HtmlElement:
    return html.document_fromstring(site.text(path))


def words(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def main(site: Site, path: str) -> str:
    return words(tree(site, path).get_element_by_id("main"))


def test_it_counts_reports_languages_and_countries_on_the_front_page(site: Site) -> None:
    assert "5 reports · 4 languages · 4 countries" in main(site, "/en/")
    assert "5 artigos · 4 línguas · 4 países" in main(site, "/pt/")
    assert "5 تقارير · 4 لغات · 4 بلدان" in main(site, "/ar/")


def test_it_heads_a_story_in_the_readers_language_and_says_where_there_is_none(site: Site) -> None:
    page = main(site, "/en/")
    assert "Island ferry sails again after eleven days in dock" in page
    assert "Le port vote un budget de 48 millions d’euros not translated yet" in page
    assert "Cometa visível a olho nu até domingo translation held back" in page
    assert "Temporal fecha a barra por dois dias translation failed" in page


def test_it_never_shows_the_time_of_first_sight_as_a_date(site: Site) -> None:
    assert "date not stated" in main(site, "/en/")
    assert "Date not stated; first seen November 20, 2026" in main(
        site, "/en/article/cometpt00001/"
    )
    assert "Published November 16, 2026" in main(site, "/en/article/stormpt00001/")


def test_it_keeps_the_fixed_order_of_an_article(site: Site) -> None:
    page = main(site, "/en/article/ferrypt00001/")
    order = (
        "Ferry links the islands again after eleven days",
        "Balsa volta a ligar as ilhas após onze dias",
        "Folha do Cais (Portugal)",
        "Joana Teles",
        "Published November 18, 2026",
        "updated November 18, 2026",
        "Read the original (Portuguese)",
        "Translated by machine from Portuguese; not checked by a person.",
        "Side by side",
        "The ferry Estrela do Sul sailed again",
        "low confidence the original says",
        "The same story elsewhere",
        "How this translation was made",
        "The text belongs to Folha do Cais.",
    )
    places = [page.index(part) for part in order]
    assert places == sorted(places)


def test_it_pairs_the_sentences_of_both_sides(site: Site) -> None:
    row = find(tree(site, "/en/article/ferrypt00001/"), ".row")[0]
    for number in (0, 1):
        sides = find(row, f".t .n{number}"), find(row, f".o .n{number}")
        assert [len(side) for side in sides] == [1, 1]
    assert words(find(row, ".t .n1")[0]).startswith("The company announced")
    assert words(find(row, ".o .n1")[0]).startswith("A companhia anunciou")
    assert find(row, ".o")[0].get("lang") == "pt"


def test_it_marks_a_doubtful_sentence_with_words_reason_and_original(site: Site) -> None:
    note = find(tree(site, "/en/article/ferrypt00001/"), ".note")[0]
    assert words(note) == (
        "low confidence the original says 1240, this 1420 "
        "A companhia anunciou que 1.240 bilhetes serão reembolsados."
    )
    assert find(note, "q")[0].get("lang") == "pt"


def test_it_shows_a_sentence_that_was_held_back_as_the_original(site: Site) -> None:
    page = tree(site, "/en/article/ferrypt00001/")
    held = next(s for s in find(page, ".t .low") if "Anselmo" in words(s))
    assert held.get("lang") == "pt"
    assert any("translation held back" in words(note) for note in find(page, ".note"))


def test_it_says_which_day_a_relative_date_means(site: Site) -> None:
    assert "on Wednesday [Nov 18, 2026]" in main(site, "/en/article/ferrypt00001/")


def test_it_shows_no_picture_but_its_caption_credit_and_place(site: Site) -> None:
    page = tree(site, "/en/article/ferrypt00001/")
    assert not find(page, "img")
    figure = find(page, ".t figure")[0]
    assert "The ferry at quay three." in words(figure)
    assert "Rita Lobo / Cais Foto" in words(figure)
    assert find(figure, "a")[0].get("href") == "https://folha-do-cais.example/balsa-volta"


def test_it_shows_no_more_than_the_rights_of_a_source_allow(site: Site) -> None:
    extract = main(site, "/en/article/ferryes00001/")
    assert "The ferry Estrela do Sul turned to sail" in extract
    assert "The captain declined" not in extract
    assert "This is an extract" in extract
    link = main(site, "/en/article/budgetfr0001/")
    assert "a adopté mardi" not in link
    assert "Only the headline is relayed here" in link
    for path in ("/fr/feed.json", "/fr/feed.rss", "/fr/feed.atom", "/fr/"):
        assert "a adopté mardi" not in site.text(path)


def test_it_calls_a_rule_based_translation_a_gist(site: Site) -> None:
    page = main(site, "/en/article/ferryes00001/")
    assert "This is a rough gist, made by rules and a dictionary." in page
    assert "rules and dictionary" in page


def test_it_says_why_there_is_no_translation_and_what_adds_the_model(site: Site) -> None:
    page = main(site, "/en/article/budgetfr0001/")
    assert "No translation model leads from French into English here." in page
    assert "dragoman models add fr en" in page
    held = main(site, "/en/article/cometpt00001/")
    assert "held it back" in held
    assert "not written in English" in held
    assert "O cometa será visível" in held
    assert "Comet." not in held
    assert "The translation could not be made." in main(site, "/en/article/stormpt00001/")


def test_it_names_engine_model_and_way_of_a_translation(site: Site) -> None:
    page = main(site, "/en/article/ferrypt00001/")
    assert "firefox pten.base-memory 3.0 (neural model)" in page
    assert "Checked by a person no" in page


def test_it_relays_a_native_article_without_a_switch(site: Site) -> None:
    page = tree(site, "/en/article/ferryen00001/")
    assert not find(page, "fieldset")
    assert "as its publisher wrote it; not translated" in words(page)


def test_it_tells_a_story_in_order_of_time_and_marks_its_beginnings(site: Site) -> None:
    page = tree(site, "/en/story/ferry-story/")
    items = [words(item) for item in find(page, ".timeline .mark")]
    assert len(items) == 2
    assert "first report" in items[0]
    assert "new development" in items[1]
    steps = [words(item) for item in find(page, ".steps li")]
    assert len(steps) == 3  # the copy stands under its original
    assert "Folha do Cais" in steps[0]
    assert "The same text also in: Gaceta de la Ría" in words(page)
    assert "No report here in: French" in words(page)


def test_it_draws_the_coverage_with_the_same_figures_in_a_table(site: Site) -> None:
    page = tree(site, "/en/story/ferry-story/")
    figure = find(page, ".coverage")[0]
    rows = [words(row) for row in find(figure, "tbody tr")]
    assert rows[0] == "English 2"
    assert len(rows) == len(find(figure, "svg.bar rect")) == 4


def test_it_leads_from_a_merged_storys_address_to_the_new_one() -> None:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        moved = Grouping(news.BUDGET.id, "budget", "ferry-story")
        stories.put_links(db, (), [moved], "1", [])
        found = Site(db).get("/en/story/budget-story/")
        assert (found.status, found.fields["location"]) == (301, "/en/story/ferry-story/")
        feed = Site(db).get("/en/story/budget-story/feed.atom")
        assert feed.fields["location"] == "/en/story/ferry-story/feed.atom"


def test_it_answers_410_for_a_withdrawn_article_and_helps(site: Site) -> None:
    for language in SETTINGS.editions:
        found = site.get(f"/{language}/article/{news.GONE.id}/")
        assert found.status == 410
        assert "must not be shown" not in found.body.decode()
        assert "taken back</" not in found.body.decode()
    assert "The Harbour Ledger" in site.get(f"/en/article/{news.GONE.id}/").body.decode()


@pytest.mark.parametrize(
    "path",
    ["/xx/", "/en/article/nothing/", "/en/story/nothing/", "/en/source/nothing/", "/en/page/99/",
     "/en/source/folha/page/9/", "/../etc/passwd", "/static/none.css", "/en/%00",
     "/en/article/a b/"],
)  # fmt: skip
def test_it_answers_404_with_a_page_for_what_is_not_there(site: Site, path: str) -> None:
    found = site.get(path)
    assert found.status == 404
    assert "There is no such page here" in found.body.decode()


def test_it_shows_the_revision_that_was_translated_and_says_so() -> None:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        changed = replace(news.FERRY, blocks=(news.paragraph("Tudo mudou."),))
        articles.put_article(db, changed, "1")
        page = main(Site(db), f"/en/article/{news.FERRY.id}/")
        assert "The publisher has changed the article since" in page
        assert "A companhia anunciou" in page
        assert "Tudo mudou" not in page


def test_it_offers_the_same_page_in_every_edition_by_its_own_name(site: Site) -> None:
    links = find(tree(site, "/en/article/ferrypt00001/"), ".languages a")
    assert [(a.get("href"), a.text) for a in links][:2] == [
        ("/en/article/ferrypt00001/", "English"),
        ("/pt/article/ferrypt00001/", "Português"),
    ]
    assert (links[-1].get("lang"), links[-1].get("dir"), links[-1].text) == ("ar", "rtl", "العربية")


def test_every_hreflang_set_is_answered_by_its_members(site: Site) -> None:
    def alternates(path: str) -> dict[str, str]:
        links = find(tree(site, path), 'link[rel="alternate"][hreflang]')
        return {a.get("hreflang"): a.get("href") for a in links}

    for path in ("/en/", "/en/article/ferrypt00001/", "/pt/article/ferryen00001/", "/ar/about/"):
        own = alternates(path)
        assert own
        for address in own.values():
            assert alternates(address.removeprefix(SETTINGS.base_url)) == own
    assert set(alternates("/en/article/ferrypt00001/")) == {"en", "pt", "x-default"}
    assert alternates("/fr/article/ferrypt00001/") == {}


def test_pages_are_canonical_to_themselves_and_listed_only_where_allowed(site: Site) -> None:
    page = tree(site, "/en/article/ferrypt00001/")
    canonical = find(page, 'link[rel="canonical"]')[0].get("href")
    assert canonical == "https://relay.example/en/article/ferrypt00001/"

    def robots(path: str) -> list[str]:
        return [m.get("content") for m in find(tree(site, path), 'meta[name="robots"]')]

    assert robots("/en/article/ferrypt00001/") == ["noindex"]
    assert robots("/en/article/ferryen00001/") == []
    assert robots("/pt/article/ferryen00001/") == []
    assert robots("/fr/article/ferryen00001/") == ["noindex"]  # not translated
    assert robots("/en/article/stormpt00001/") == ["noindex, noarchive"]
    assert robots("/en/") == []


def test_it_passes_on_reservations_of_mining(newsroom: Store) -> None:
    site = Site(newsroom, replace(SETTINGS, is_mining_reserved=False))
    found = site.get("/en/article/stormpt00001/")
    assert found.fields["tdm-reservation"] == "1"
    assert found.fields["tdm-policy"] == "https://folha-do-cais.example/tdm"
    assert "tdm-reservation" not in site.get("/en/article/ferrypt00001/").fields
    assert json.loads(Site(newsroom).text("/.well-known/tdmrep.json")) == [
        {"location": "/", "tdm-reservation": 1}
    ]


def test_it_tells_machines_what_was_translated_from_what_and_how(site: Site) -> None:
    page = tree(site, "/en/article/ferrypt00001/")
    data = json.loads(find(page, 'script[type="application/ld+json"]')[0].text)
    assert data["@type"] == "NewsArticle"
    assert data["inLanguage"] == "en"
    assert data["translationOfWork"]["inLanguage"] == "pt"
    assert data["isBasedOn"] == news.FERRY.url
    assert data["digitalSourceType"].endswith("/TrainedAlgorithmicMediaDigitalSource")
    assert "firefox" in data["creditText"]
    assert "articleBody" not in data
    named = {m.get("name"): m.get("content") for m in find(page, "meta[name]")}
    assert named["dragoman:translation"] == "machine"
    assert named["dragoman:route"] == "pt>en (firefox)"


def test_it_lists_in_the_sitemap_only_what_may_be_indexed(site: Site) -> None:
    listed = set(re.findall(r"<loc>([^<]+)</loc>", site.text("/sitemap.xml")))
    assert "https://relay.example/en/article/ferryen00001/" in listed
    assert "https://relay.example/pt/article/ferryen00001/" in listed
    assert "https://relay.example/en/" in listed
    assert not any("ferrypt00001" in address or "goneen" in address for address in listed)
    assert "Sitemap: https://relay.example/sitemap.xml" in site.text("/robots.txt")


def test_every_answer_is_guarded_and_conditional(site: Site) -> None:
    for path in ("/en/", "/en/feed.atom", "/en/article/ferrypt00001/", "/sitemap.xml"):
        first = site.get(path)
        assert set(SECURITY) <= set(first.headers)
        tag = first.fields["etag"]
        again = site.get(path, if_none_match=f'"other", {tag}')
        assert (again.status, again.body) == (304, b"")
        assert site.get(path, if_none_match='"other"').status == 200
    policy = site.get("/en/").fields["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_it_chooses_an_edition_by_the_browsers_languages(site: Site) -> None:
    found = site.get("/", accept_language="de, fr-CA;q=0.8, ar;q=0.9")
    assert (found.status, found.fields["location"]) == (302, "/ar/")
    assert found.fields["vary"] == "accept-language"
    chooser = site.get("/")
    assert chooser.status == 200
    assert "Português" in chooser.body.decode()


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("pt-BR", "pt"),
        ("*", ""),
        ("en;q=0", ""),
        ("en;q=zz, fr;q=0.1", "en"),
        ("", ""),
        (";;,,=", ""),
    ],
)
def test_it_reads_any_accept_language_header(accept: str, chosen: str) -> None:
    assert languages.choose(accept, ("en", "pt", "fr")) == chosen


def test_it_corrects_an_address_without_its_last_slash(site: Site) -> None:
    assert site.get("/en").fields["location"] == "/en/"
    assert site.get("/en/article/ferrypt00001").fields["location"] == "/en/article/ferrypt00001/"
    assert site.get("/en/page/1/").fields["location"] == "/en/"


def test_it_parts_the_front_page_into_finite_pages(newsroom: Store) -> None:
    site = Site(newsroom, replace(SETTINGS, page_size=2))
    first = tree(site, "/en/")
    assert "Page 1 of 2" in words(first)
    assert find(first, 'a[rel="next"]')[0].get("href") == "/en/page/2/"
    second = tree(site, "/en/page/2/")
    assert find(second, 'a[rel="prev"]')[0].get("href") == "/en/"
    assert not find(second, 'a[rel="next"]')
    seen = [a.get("href") for page in (first, second) for a in find(page, "h2 a")]
    assert len([href for href in seen if "/story/" in href]) == 4


def test_it_parts_a_sources_articles_into_finite_pages(newsroom: Store) -> None:
    site = Site(newsroom, replace(SETTINGS, page_size=2))
    assert len(find(tree(site, "/en/source/folha/"), ".report")) == 2
    second = tree(site, "/en/source/folha/page/2/")
    assert len(find(second, ".report")) == 1
    assert not find(second, 'a[rel="next"]')


def test_every_page_is_small_and_asks_no_other_host_for_anything(site: Site) -> None:
    for path in list_addresses(site.db, site.settings):
        found = site.get(path)
        assert found.status in (200, 302), path
        if not found.fields["content-type"].startswith("text/html"):
            continue
        assert len(gzip.compress(found.body)) <= 30_000
        page = html.document_fromstring(found.body)
        assert not find(page, "[style], style, img, iframe, object, embed")
        loaded = [*find(page, "link[rel=stylesheet]"), *find(page, "link[rel=icon]")]
        for link in loaded:
            assert site.get(link.get("href")).status == 200
        for script in find(page, "script[src]"):
            assert len(gzip.compress(site.get(script.get("src")).body)) <= 10_000
        inline = [one.get("type") for one in find(page, "script:not([src])")]
        assert set(inline) <= {"application/ld+json"}


def test_every_link_within_the_site_leads_somewhere(newsroom: Store) -> None:
    site = Site(newsroom, SMALL)
    links: set[str] = set()
    for path in list_addresses(site.db, site.settings):
        if path.endswith("/"):
            links.update(a.get("href") for a in find(tree(site, path), "a[href], link[href]"))
    inner = {link.removeprefix(SETTINGS.base_url) for link in links}
    for link in sorted(inner):
        if link.startswith("/"):
            assert site.get(link).status == 200, link


def test_the_stylesheet_is_small_and_kept_for_ever(site: Site) -> None:
    sheet = find(tree(site, "/en/"), "link[rel=stylesheet]")[0].get("href")
    assert re.fullmatch(r"/static/site\.[0-9a-f]{10}\.css", sheet)
    found = site.get(sheet)
    assert len(gzip.compress(found.body)) <= 10_000
    assert "immutable" in found.fields["cache-control"]
    text = found.body.decode()
    assert not re.search(r"(margin|padding|border|inset)-(left|right|top|bottom)", text)
    assert not re.search(r"[{;\s](left|right|top|bottom|width|height|(max|min)-width)\s*:", text)
    assert "http" not in text


def test_an_empty_relay_has_a_front_page_that_says_so() -> None:
    with open_store("sqlite://") as db:
        site = Site(db)
        assert "Nothing has been published here yet" in main(site, "/en/")
        assert site.get("/en/feed.rss").status == 200
        assert site.get("/sitemap.xml").status == 200


def test_an_article_without_any_translation_record_is_not_translated_yet(newsroom: Store) -> None:
    assert translations.translation(newsroom, news.FERRY.id, "fr") is None
    page = main(Site(newsroom), f"/fr/article/{news.FERRY.id}/")
    assert "pas encore traduit" in page
    assert "Balsa volta a ligar" in page


def test_a_store_that_cannot_be_read_gives_a_page_that_asks_to_come_back() -> None:
    db = open_store("sqlite://")
    with db.write() as connection:
        connection.exec_driver_sql("DROP TABLE stories")
    found = Site(db).get("/fr/")
    db.close()
    assert found.status == 503
    assert found.fields["retry-after"] == "30"
    assert "Indisponible" in found.body.decode()


@pytest.mark.parametrize("verdict", [Verdict.PUBLISH, Verdict.MARK, Verdict.HOLD])
def test_a_lead_that_the_gate_doubts_says_so_and_a_held_one_is_not_quoted(
    verdict: Verdict,
) -> None:
    first = news.FERRY_MADE.segments[1]
    checks = () if verdict is Verdict.PUBLISH else (Check("dates", verdict, "another hour"),)
    doubted = replace(first, verdict=verdict, checks=checks)
    calm = (replace(one, verdict=Verdict.PUBLISH, checks=()) for one in news.FERRY_MADE.segments)
    title, _, *rest = calm
    made = replace(news.FERRY_MADE, segments=(title, doubted, *rest))
    with open_store("sqlite://") as db:
        news.fill_store(db)
        translations.put_translation(db, made, "9", ())
        lead = find_lead(fill_shelf(db, "en", [news.FERRY]), news.FERRY)
    if verdict is Verdict.HOLD:
        assert lead is None
    else:
        assert lead is not None
        assert lead.is_marked is (verdict is Verdict.MARK)
