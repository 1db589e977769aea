"""Words are counted in every script, money only inside a scope, and options are read with care."""

from __future__ import annotations

import pytest

from dragoman.errors import PluginError, TranslateError
from dragoman.translate.counting import add_cost, ask_engine, count_usage, count_words, has_price
from dragoman.translate.engine import available_legs, load_engine
from dragoman.translate.remote.pairs import read_pairs
from dragoman.types import EngineSpec, Usage

ECHO = EngineSpec("echo")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat eats.", 3),
        ("", 0),
        ("猫が食べる", 5),
        ("He said 你好 twice", 5),
        ("القطة تأكل", 2),
        ("แมว", 3),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_what_an_engine_is_asked_for_is_counted() -> None:
    engine, leg = load_engine(ECHO), available_legs([ECHO])[0]
    with count_usage() as counts:
        ask_engine(engine, ["Two words", "and three more"], leg)
        add_cost("echo", 0.5)
        add_cost("echo", 0.25)
    (usage,) = counts.usage()
    assert (usage.engine, usage.words, usage.cost) == ("echo", 5, 0.75)


def test_nothing_is_counted_outside_of_a_scope() -> None:
    with count_usage() as counts:
        pass
    ask_engine(load_engine(ECHO), ["Two words"], available_legs([ECHO])[0])
    add_cost("echo", 1.0)
    assert counts.usage() == ()


def test_an_error_takes_along_what_was_spent_before_it() -> None:
    with pytest.raises(TranslateError) as caught, count_usage():
        add_cost("deepl", 2.0)
        raise TranslateError("it broke")
    assert caught.value.spent == (Usage("deepl", 0, 0.0, 2.0),)


def test_an_engine_has_a_price_where_one_is_set() -> None:
    assert has_price(EngineSpec("deepl", (("price_per_million", "20"),)))
    assert has_price(EngineSpec("openai", (("price_per_million_written", "0.1"),)))
    assert not has_price(EngineSpec("deepl", (("price_per_million", "0"),)))
    assert not has_price(EngineSpec("firefox"))


@pytest.mark.parametrize("price", ["twenty", "-1", "nan", "inf"])
def test_a_price_that_is_none_is_named(price: str) -> None:
    with pytest.raises(PluginError, match=r"options\.deepl\.price_per_million"):
        has_price(EngineSpec("deepl", (("price_per_million", price),)))


def test_pairs_and_languages_are_read() -> None:
    assert read_pairs("x", "ar>en, en>pt_br", "") == frozenset({("ar", "en"), ("en", "pt-BR")})
    assert read_pairs("x", "", "en pt") == frozenset({("en", "pt"), ("pt", "en")})
    assert read_pairs("x", "", "") is None


@pytest.mark.parametrize("pairs", ["en-pt", "en>", "en>klingon", ">"])
def test_a_pair_that_is_none_is_named(pairs: str) -> None:
    with pytest.raises(PluginError, match=r"options\.x\.pairs"):
        read_pairs("x", pairs, "")
