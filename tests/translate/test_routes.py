from __future__ import annotations

import pytest

from dragoman.errors import NoRoute, TranslateError
from dragoman.translate import (
    available_legs,
    failed,
    find_route,
    memory_key,
    pending,
    remember,
    translate_article,
)
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    EngineKind,
    EngineSpec,
    Leg,
    Text,
    TranslationStatus,
)

SPECS = (EngineSpec("firefox"),)


def neural(language: str, into: str, quality: float = 88.0) -> Leg:
    return Leg("firefox", EngineKind.NEURAL, language, into, "tiny", "1", quality)


def rules(language: str, into: str, quality: float = 60.0) -> Leg:
    return Leg("apertium", EngineKind.RULES, language, into, "m", "", quality)


def steps(legs: list[Leg], language: str, into: str) -> list[str]:
    return [leg.into for leg in find_route(legs, language, into).legs]


def test_the_direct_leg_wins() -> None:
    legs = [neural("fr", "en"), neural("en", "pt"), neural("fr", "pt", 80)]
    assert steps(legs, "fr", "pt") == ["pt"]


def test_the_better_of_two_models_wins() -> None:
    legs = [neural("en", "pt", 80), neural("en", "pt", 89)]
    assert find_route(legs, "en", "pt").legs[0].quality == 89


def test_a_pivot_is_found_where_nothing_is_direct() -> None:
    assert steps([neural("fr", "en"), neural("en", "pt")], "fr", "pt") == ["en", "pt"]


def test_a_good_neural_leg_pays_before_a_close_rule_based_one() -> None:
    legs = [neural("en", "pt"), rules("pt", "es", 85), rules("en", "es"), rules("es", "fr", 72)]
    assert steps(legs, "en", "es") == ["pt", "es"]
    assert steps(legs, "en", "fr") == ["pt", "es", "fr"]
    assert find_route(legs, "en", "fr").is_gist
    assert not find_route(legs, "en", "pt").is_gist


def test_a_region_of_a_language_is_led_to_by_the_language() -> None:
    legs = [rules("es", "pt", 85), rules("es", "pt-BR", 85)]
    assert find_route(legs, "es", "pt-BR").legs[0].into == "pt-BR"
    assert find_route(legs, "es-MX", "pt").legs[0].into == "pt"
    assert find_route([neural("en", "pt")], "en-GB", "pt-PT").legs[0].into == "pt"


def test_chinese_of_one_script_is_not_the_other() -> None:
    with pytest.raises(NoRoute):
        find_route([neural("en", "zh-Hans")], "en", "zh-TW")


def test_where_nothing_leads_the_command_is_said() -> None:
    with pytest.raises(NoRoute, match=r"Arabic \(ar\) to English \(en\).*models add ar en"):
        find_route([neural("en", "pt")], "ar", "en")


def article(title: str = "The cat is black") -> Article:
    block = Block(BlockKind.PARAGRAPH, (Text("The dog is white. The dog is white. 12."),))
    return Article("a", "s", "u", "en", title, (block,))


def test_what_was_translated_is_remembered_and_used_again() -> None:
    route = find_route(available_legs(SPECS), "en", "pt")
    memory = {u.key: u for u in remember(translate_article(article(), "pt", route, SPECS))}
    key = memory_key("The dog is white.", route)
    unit = memory[key]
    assert (unit.source, unit.target) == ("The dog is white.", "O cão é branco.")
    assert (unit.language, unit.into, unit.origin) == ("en", "pt", "en>pt (firefox)")
    again = translate_article(article(), "pt", route, SPECS, {key: "Branco é o cão."})
    assert again.blocks[0].text == "Branco é o cão. Branco é o cão. 12."
    assert [s.is_remembered for s in again.segments if "dog" in s.segment.text] == [True, True]
    assert key not in {unit.key for unit in remember(again)}


def test_another_model_has_another_memory() -> None:
    one = find_route([neural("en", "pt")], "en", "pt")
    other = find_route([Leg("firefox", EngineKind.NEURAL, "en", "pt", "base", "2", 90)], "en", "pt")
    assert memory_key("x", one) != memory_key("x", other)


def test_what_echo_says_is_never_remembered() -> None:
    specs = (EngineSpec("echo"),)
    route = find_route(available_legs(specs), "en", "pt")
    assert remember(translate_article(article(), "pt", route, specs)) == ()


def test_pending_and_failed_translations_hold_no_text() -> None:
    for make, status in ((pending, TranslationStatus.PENDING), (failed, TranslationStatus.FAILED)):
        made = make(article(), "pt", "no model yet")
        assert (made.status, made.reason) == (status, "no model yet")
        assert made.title == ""
        assert made.blocks == ()


def test_an_article_without_text_is_an_error() -> None:
    route = find_route([neural("en", "pt")], "en", "pt")
    with pytest.raises(TranslateError, match="no text"):
        translate_article(Article("a", "s", "u", "en", " ", ()), "pt", route, SPECS)


def test_an_unknown_language_is_no_missing_model() -> None:
    with pytest.raises(NoRoute, match="could not be told") as told:
        find_route((), "und", "pt")
    assert "models add" not in str(told.value)
