"""Two pages, English and French, are relayed into each other's language without a network."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from dragoman import store
from dragoman.cli.relaying import relay_now, site_settings
from dragoman.config import load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.store import Store, open_store
from dragoman.types import (
    Article,
    BlockKind,
    Precision,
    Rights,
    Source,
    SpanKind,
    Translation,
    TranslationStatus,
)
from dragoman.web import SiteSettings, answer
from dragoman.web.api.reading import read_article
from tests.steps.reports import ENGLISH, FRENCH, served

FETCHED = datetime(2025, 3, 20, 8, tzinfo=UTC)
CONFIG = """
editions = ["en", "fr", "pt"]
data = "."

[fetch]
allow_networks = ["127.0.0.0/8"]
host_interval_s = 0.0

[translate]
engines = ["firefox", "apertium"]
"""

pytestmark = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="Apertium is not installed"
)


@dataclass(frozen=True)
class Relayed:
    db: Store
    site: SiteSettings
    english: Article
    french: Article

    def into(self, article: Article, language: str) -> Translation:
        made = store.translations.translation(self.db, article.id, language)
        assert made is not None
        return made

    def page(self, path: str) -> str:
        found = answer(self.db, self.site, path)
        assert found.status == 200, path
        return found.body.decode()


@pytest.fixture(scope="module")
def relayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relayed]:
    folder = tmp_path_factory.mktemp("two")
    (folder / "dragoman.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder / "dragoman.toml")
    runner = LocalRunner(2)
    with (
        served("127.0.0.31", {"/talks": ENGLISH}) as harbour,
        served("127.0.0.32", {"/pourparlers": FRENCH}) as voix,
        open_store(settings.store_url) as db,
    ):
        for id, home, language in (("harbour", harbour, "en"), ("voix", voix, "fr")):
            source = Source(id, f"{home}/feed.json", id.title(), language, rights=Rights.FULL)
            store.sources.put_source(db, source)
        try:
            relay_now(Pass(db, runner, settings, now=lambda: FETCHED))
        finally:
            runner.close()
        by_source = {article.source: article for article in store.articles.articles(db)}
        yield Relayed(db, site_settings(settings), by_source["harbour"], by_source["voix"])


def links(found: Article | Translation) -> set[str]:
    texts = (part for block in found.blocks for part in block.parts)
    return {span.value for part in texts for span in part.spans if span.kind is SpanKind.LINK}


def test_each_page_is_translated_into_both_other_languages(relayed: Relayed) -> None:
    pairs = ((relayed.english, "fr"), (relayed.english, "pt"), (relayed.french, "en"))
    for article, into in (*pairs, (relayed.french, "pt")):
        made = relayed.into(article, into)
        assert made.status is TranslationStatus.DONE
        assert made.title != article.title
        assert [block.kind for block in made.blocks] == [block.kind for block in article.blocks]


def test_the_dates_are_those_of_the_reports_and_never_the_clock_of_a_header(
    relayed: Relayed,
) -> None:
    assert relayed.english.published.moment is not None
    assert relayed.english.published.moment.at == datetime(2025, 3, 12, 15, 20, tzinfo=UTC)
    found = relayed.french.published.moment
    assert found is None or (found.precision is Precision.DAY and found.at.day == 17)


def test_what_is_no_part_of_the_text_is_left_out(relayed: Relayed) -> None:
    for words in ("HARBOUR NEWS APP", "DENMARK WANTS", "Home", "By Anna Smith"):
        assert words not in relayed.english.text
    for words in ("VOIX DU PORT", "Thursday"):
        assert words not in relayed.french.text
    assert "Anna Smith" in relayed.english.authors


def test_the_picture_has_one_caption_and_its_credit_is_untouched(relayed: Relayed) -> None:
    for found in (relayed.english, relayed.into(relayed.english, "fr")):
        (picture,) = (block for block in found.blocks if block.kind is BlockKind.IMAGE)
        assert picture.image is not None
        shown = f"{picture.text} {picture.image.credit}"
        assert shown.count("Harbour Pool Photo via AP") == 1
        assert shown.count("Ingrid Solberg") == 1


def test_no_link_is_lost_on_any_route(relayed: Relayed) -> None:
    for article in (relayed.english, relayed.french):
        for into in {"en", "fr", "pt"} - {article.language}:
            assert links(relayed.into(article, into)) == links(article) != set()


def test_names_are_spelt_as_in_the_original(relayed: Relayed) -> None:
    into_french = " ".join(block.text for block in relayed.into(relayed.english, "fr").blocks)
    assert "Smith Brothers" in into_french or "Smith" in into_french
    for name in ("Ingrid Solberg", "Lars Jensen", "Hirtshals", "Bergen"):
        assert name in into_french
        assert name in " ".join(b.text for b in relayed.into(relayed.french, "en").blocks)


def test_quotations_open_and_close(relayed: Relayed) -> None:
    french = relayed.into(relayed.english, "fr")
    text = " ".join(block.text for block in french.blocks)
    assert text.count("«") == text.count("»") == 3
    assert not set(text) & set("“”")


def test_a_route_with_rules_is_labelled_a_gist_with_notice_and_original(relayed: Relayed) -> None:
    for article, into, label in (
        (relayed.english, "fr", "aperçu"),
        (relayed.french, "en", "rough gist"),
    ):
        route = relayed.into(article, into).route
        assert route is not None
        assert route.is_gist
        page = relayed.page(f"/{into}/article/{article.id}/")
        assert 'class="notice"' in page
        assert article.url in page
        story = store.stories.groupings(relayed.db, [article.id])[0].story
        assert label in relayed.page(f"/{into}/story/{story}/").lower()


def test_a_neural_route_is_no_gist(relayed: Relayed) -> None:
    route = relayed.into(relayed.english, "pt").route
    assert route is not None
    assert not route.is_gist


def test_feeds_and_the_api_call_a_gist_a_gist(relayed: Relayed) -> None:
    rss, atom = (relayed.page(f"/en/feed.{form}") for form in ("rss", "atom"))
    assert 'gist="true"' in rss
    assert 'gist="true"' in atom
    assert '"gist":true' in relayed.page("/en/feed.json").replace(" ", "")
    record = read_article(relayed.db, relayed.site, "en", relayed.french.id)
    assert record is not None
    assert record.provenance["gist"] is True


def test_what_the_rules_did_not_know_is_said(relayed: Relayed) -> None:
    checks = [c for s in relayed.into(relayed.french, "en").segments for c in s.checks]
    left = [check.message for check in checks if check.name == "untranslated words"]
    for message in left:
        assert "(" in message
    words = " ".join(left)
    assert "Solberg" not in words
    assert "Hirtshals" not in words


def test_both_reports_stand_in_one_story_the_earlier_first(relayed: Relayed) -> None:
    ids = [relayed.english.id, relayed.french.id]
    found = store.stories.groupings(relayed.db, ids)
    assert len({grouping.story for grouping in found}) == 1
    assert [grouping.article for grouping in found] == ids
