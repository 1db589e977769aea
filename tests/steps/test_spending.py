"""Engines that cost money: what they cost is counted, and the month's cap stops them alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import extract, store
from dragoman.config import Settings, Translate
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, translate_articles
from dragoman.store import Store, open_store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    FeedItem,
    Page,
    Reading,
    Source,
    SourceState,
    Text,
    Translation,
    TranslationStatus,
    WorkState,
)
from tests.translate.vendors import KEYS, Reply, Server, deepl, serve

NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 0, 5, tzinfo=UTC)
FINISHED = {TranslationStatus.DONE, TranslationStatus.HELD}
COUNT = 8


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalRunner]:
    """One worker; its key is in the environment before it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEYS["deepl"], "k")
        runner = LocalRunner(1)
        yield runner
        runner.close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(deepl) as server:
        yield server


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/relay.db") as opened:
        store.sources.put_source(opened, Source("puerto", "https://p.example/feed", "Puerto", "es"))
        yield opened


def put(db: Store, *articles: Article) -> None:
    items = [FeedItem(one.url) for one in articles]
    ids = {one.url: one.id for one in articles}
    reading = Reading("puerto", "https://p.example/feed", items=tuple(items))
    store.items.put_reading(db, reading, SourceState("puerto"), ids, NOVEMBER)
    for one, item in zip(articles, items, strict=True):
        page = Page(one.url, one.url, NOVEMBER, 200, b"x", id=one.id, source="puerto", item=item)
        store.pages.put_page(db, page)
        store.articles.put_article(db, one, extract.VERSION)


def article(number: int, sentences: int = 1) -> Article:
    words = ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"]
    text = " ".join(
        f"El gato {words[at % 10]} {words[at // 10 % 10]} come pan en la casa {words[number]}."
        for at in range(sentences)
    )
    block = Block(BlockKind.PARAGRAPH, (Text(text),))
    url = f"https://p.example/{number}"
    return Article(f"a{number}", "puerto", url, "es", f"El gato {words[number]}", (block,))


def relay(
    db: Store,
    runner: LocalRunner,
    server: Server,
    *engines: str,
    cap: float = 0.0,
    now: datetime = NOVEMBER,
) -> Pass:
    options = {
        "deepl": {
            "url": server.url,
            "languages": "es pt",
            "price_per_million": "1000000",
            "total_s": "20",
        },
        "echo": {"pairs": "es-pt"},
    }
    settings = Settings(
        editions=("pt",),
        translate=Translate(engines=engines, options=options, monthly_cap=cap),
    )
    work = Pass(db, runner, settings, now=lambda: now)
    asyncio.run(translate_articles(work))
    return work


def made(db: Store) -> dict[str, Translation]:
    return store.translations.translations_of(db, [f"a{at}" for at in range(COUNT)], "pt")


def engines_used(db: Store) -> list[str]:
    return sorted(one.route.legs[0].engine for one in made(db).values() if one.route)


def test_words_seconds_and_money_of_a_pass_are_counted(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    put(db, article(0))
    relay(db, runner, server, "deepl")
    (spent,) = store.spending.spending(db)
    assert (spent.month, spent.engine, spent.source) == ("2026-11", "deepl", "puerto")
    sent = sum(len(text) for asked in server.posts for text in asked.body["text"])
    assert spent.cost == sent  # one a character
    assert spent.words > 10
    assert spent.seconds > 0
    assert made(db)["a0"].usage[0].cost == spent.cost


def test_what_the_memory_knows_costs_nothing(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    put(db, article(0))
    relay(db, runner, server, "deepl")
    cost = store.spending.month_cost(db, "2026-11")
    relay(db, runner, server, "deepl")
    assert store.spending.month_cost(db, "2026-11") == cost


def test_the_cap_stops_within_a_pass_and_says_until_when(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    put(db, *(article(number) for number in range(COUNT)))
    relay(db, runner, server, "deepl", cap=1.0)
    done = [one for one in made(db).values() if one.status in FINISHED]
    waiting = [one for one in made(db).values() if one.status is TranslationStatus.PENDING]
    assert 1 <= len(done) <= 3  # one at work and one at hand when the first was paid
    assert len(done) + len(waiting) == COUNT
    for one in waiting:
        assert "cap of 1 a month" in one.reason
        assert "2026-12-01" in one.reason


def test_relaying_goes_on_with_the_engines_that_cost_nothing(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    put(db, *(article(number) for number in range(COUNT)))
    relay(db, runner, server, "deepl", "echo", cap=1.0)
    assert {one.status for one in made(db).values()} <= FINISHED
    assert set(engines_used(db)) == {"deepl", "echo"}
    assert engines_used(db).count("echo") >= COUNT - 3


def test_what_waited_for_the_cap_goes_on_next_month_by_itself(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    put(db, *(article(number) for number in range(COUNT)))
    relay(db, runner, server, "deepl", cap=100_000.0)
    put(db, article(8), article(9))
    relay(db, runner, server, "deepl", cap=1.0)
    ids = ["a8", "a9"]
    waiting = store.translations.translations_of(db, ids, "pt").values()
    assert {one.status for one in waiting} == {TranslationStatus.PENDING}
    relay(db, runner, server, "deepl", cap=1.0)
    assert store.translations.translations_of(db, ids, "pt")["a8"].route is None
    relay(db, runner, server, "deepl", cap=100_000.0, now=DECEMBER)
    finished = store.translations.translations_of(db, ids, "pt").values()
    assert {one.status for one in finished} <= FINISHED
    assert store.spending.month_cost(db, "2026-12") > 0


def test_what_waited_for_the_cap_goes_on_when_it_is_raised(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    put(db, article(0), article(1), article(2), article(3))
    relay(db, runner, server, "deepl", cap=0.5)
    relay(db, runner, server, "deepl", cap=100_000.0)
    assert {one.status for one in made(db).values()} <= FINISHED


def test_an_engine_that_refuses_its_key_is_left_out_and_no_article_is_lost(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    server.vendor = lambda asked: (
        Reply({"message": "Forbidden"}, 403) if asked.method == "POST" else deepl(asked)
    )
    put(db, *(article(number) for number in range(COUNT)))
    relay(db, runner, server, "deepl", "echo")
    assert engines_used(db) == ["echo"] * COUNT
    assert len(server.posts) <= 2


def test_articles_wait_where_a_quota_is_used_up_and_nothing_else_leads_there(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    server.vendor = lambda asked: (
        Reply({"message": "Quota exceeded"}, 456) if asked.method == "POST" else deepl(asked)
    )
    put(db, *(article(number) for number in range(COUNT)))
    relay(db, runner, server, "deepl")
    assert {one.status for one in made(db).values()} == {TranslationStatus.PENDING}
    assert all("quota" in one.reason for one in made(db).values())
    server.vendor = deepl
    relay(db, runner, server, "deepl")
    assert {one.status for one in made(db).values()} <= FINISHED


def test_what_a_failed_article_cost_is_counted_as_far_as_known(
    db: Store, runner: LocalRunner, server: Server
) -> None:
    def stop_after_one(asked: object) -> Reply:
        if len(server.posts) > 1:
            return Reply({"message": "down"}, 503, {"Retry-After": "900"})
        return deepl(asked)  # type: ignore[arg-type]

    server.vendor = stop_after_one
    put(db, article(0, sentences=70))
    relay(db, runner, server, "deepl")
    assert made(db)["a0"].status is TranslationStatus.FAILED
    (work,) = [one for one in store.work.work(db, "a0") if one.into == "pt"]
    assert work.state is WorkState.RETRY
    assert sum(one.cost for one in store.spending.spending(db)) > 0
