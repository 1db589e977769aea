"""Chains with rule-based legs: what they must keep, what they must say, what they save."""

from __future__ import annotations

import shutil

import pytest

from dragoman.errors import PluginError
from dragoman.translate import (
    available_legs,
    find_route,
    is_clearly_better,
    memory_key,
    pivot_keys,
    remember,
    translate_article,
)
from dragoman.translate.engine import lift_unknown, load_engine
from dragoman.translate.repairs import vocabulary_of
from dragoman.translate.steps import Sentence, trace_sentences, translate_sentences
from dragoman.translate.writing.kept import find_half_translated, find_lost, find_names, find_ranges
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    EngineKind,
    EngineSpec,
    Leg,
    Route,
    Text,
    Translation,
    Verdict,
)

SPECS = (EngineSpec("firefox"), EngineSpec("apertium"))
needs_apertium = pytest.mark.skipif(
    shutil.which("apertium") is None, reason="Apertium is not installed"
)


def route_of(language: str, into: str) -> Route:
    return find_route(available_legs(SPECS), language, into)


def direct(language: str, into: str) -> Route:
    legs = load_engine(SPECS[1]).legs()
    return Route((next(leg for leg in legs if (leg.language, leg.into) == (language, into)),))


def translate(text: str, route: Route) -> str:
    return translate_sentences([Sentence(text)], route, SPECS)[0]


def article(*sentences: str, language: str = "en", title: str = "") -> Article:
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(one),)) for one in sentences)
    return Article("a", "s", "u", language, title, blocks)


def relay(made: Article, into: str, remembered: dict[str, str] | None = None) -> Translation:
    return translate_article(
        made, into, route_of(made.language, into), SPECS, remembered=remembered or {}
    )


@needs_apertium
@pytest.mark.parametrize("name", ["Smith", "Rice", "Bush"])
def test_a_name_that_the_rules_would_translate_is_kept_after_a_model_kept_it(name: str) -> None:
    sentence = f"The minister told {name} that the bridge was closed."
    assert name not in translate_bare(sentence, direct("en", "es"))
    assert name in translate(sentence, route_of("en", "es"))


def translate_bare(sentence: str, route: Route) -> str:
    return lift_unknown(load_engine(SPECS[1]).translate([sentence], route.legs[0])[0])[0]


@needs_apertium
def test_a_name_is_not_half_translated_by_rules_alone() -> None:
    sentences = [
        Sentence("The letter of Theresa May was read in London."),
        Sentence("Then May left the house."),
    ]
    whole, alone = translate_sentences(sentences, direct("en", "es"), SPECS)
    assert "Theresa May" in whole
    assert "Londres" in whole
    assert "May" in alone.split()


@needs_apertium
def test_names_of_places_and_offices_are_translated_all_the_same() -> None:
    text = translate("The White House spoke with Germany.", direct("en", "es"))
    assert "Casa Blanca" in text
    assert "Alemania" in text


@needs_apertium
def test_a_word_that_no_dictionary_knows_is_marked_with_its_language() -> None:
    made = relay(article("El perro gralubio duerme en la casa.", language="es"), "pt")
    (segment,) = made.segments
    assert "gralubio" in segment.target
    assert segment.verdict is Verdict.MARK
    messages = [one.message for one in segment.checks if one.name == "untranslated words"]
    assert messages == ["not translated: gralubio (es)"]


@needs_apertium
def test_a_name_that_no_dictionary_knows_is_no_finding() -> None:
    made = relay(article("El ministro Zubrowka duerme en la casa.", language="es"), "pt")
    (segment,) = made.segments
    assert "Zubrowka" in segment.target
    assert "untranslated words" not in {one.name for one in segment.checks}


@needs_apertium
def test_a_word_left_by_one_leg_reaches_the_end_of_the_chain_as_it_was() -> None:
    (answer,) = trace_sentences(
        [Sentence("The cat ate the gralubio in the garden.")], route_of("en", "fr"), SPECS
    )
    assert "gralubio" in answer.text.lower()
    assert [word.lower() for word, _ in answer.left] == ["gralubio"]


@needs_apertium
def test_signs_that_the_rules_use_themselves_pass_through() -> None:
    odd = "El gato [come] {bien} ^mucho$ a/b c\\d *bien @casa #gato <i>hoy</i>."
    target = translate(odd, direct("es", "pt"))
    for sign in "[]{}^$/\\*@#<>":
        assert target.count(sign) == odd.count(sign)


@needs_apertium
def test_a_text_with_the_marks_of_unknown_words_in_it_gives_none() -> None:
    (answer,) = load_engine(SPECS[1]).translate(
        ["El \ue000gato\ue001 \ue010come."], direct("es", "pt").legs[0]
    )
    assert lift_unknown(answer) == ("O gato come.", ())


@needs_apertium
def test_a_word_of_ten_thousand_letters_costs_no_other_sentence() -> None:
    sentences = [Sentence("El gato come."), Sentence("x" * 10_000), Sentence("El gato come.")]
    first, long, last = translate_sentences(sentences, direct("es", "pt"), SPECS)
    assert first == last == "O gato come."
    assert long == "x" * 10_000


@needs_apertium
def test_quotation_marks_are_those_of_the_target_language() -> None:
    sentence = Sentence("« Le chat mange », dit la femme.", is_typographic=True)
    assert translate_sentences([sentence], direct("fr", "es"), SPECS)[0].startswith("“El gato")


@needs_apertium
def test_a_chain_goes_on_from_what_the_memory_has_in_the_pivot_language() -> None:
    made = article("The dog is white.")
    into_portuguese = relay(made, "pt")
    memory = {unit.key: unit.target for unit in remember(into_portuguese)}
    assert set(memory) == {pivot_keys("The dog is white.", route_of("en", "es"))[1]}
    (key,) = memory
    assert relay(made, "es", {key: "É branco o cão."}).blocks[0].text == "Es blanco el perro."


@needs_apertium
def test_a_translation_of_the_whole_way_wins_over_one_of_a_part() -> None:
    made = article("The dog is white.")
    route = route_of("en", "es")
    part = pivot_keys("The dog is white.", route)[1]
    whole = memory_key("The dog is white.", route)
    memory = {part: "É branco o cão.", whole: "El perro blanco."}
    assert relay(made, "es", memory).blocks[0].text == "El perro blanco."


def test_the_words_to_keep_are_found_where_they_stand() -> None:
    assert find_names("Mr Smith met Ana-Lia in Rio.") == {"Smith", "Ana-Lia", "Rio"}
    assert find_ranges("Ana Smith saw Smith.", {"Ana", "Smith"}) == ((0, 9), (14, 19))
    assert find_lost({"Paris", "Smith"}, "París y el herrero") == {"Smith"}


def test_only_what_follows_a_kept_word_shows_that_a_name_was_translated() -> None:
    def find(source: str, target: str, kept: str) -> set[str]:
        return set(find_half_translated(source, target, kept.split().__contains__))

    assert find("Theresa May left", "Theresa mayo salió", "Theresa") == {"May"}
    assert find("President Zubrow left", "El presidente Zubrow salió", "Zubrow") == set()
    assert find("La Casa Blanca habla", "A Casa Branca fala", "") == set()


@needs_apertium
def test_a_word_that_two_languages_share_is_not_taken_for_a_name() -> None:
    assert "Casa Branca" in translate("Ayer la Casa Blanca habló.", direct("es", "pt"))


@needs_apertium
def test_quotation_marks_that_the_rules_emptied_are_not_shown_empty() -> None:
    marked = "Ce qu’il a qualifié de « mesures hostiles » de la part du pays est ancien."
    (segment,) = relay(article(marked, language="fr"), "es").segments
    assert "“”" not in segment.target.replace(" ", "")
    assert '""' not in segment.target.replace(" ", "")


@needs_apertium
def test_an_attribution_in_french_is_two_words_in_spanish() -> None:
    target = translate("« Notre pays attend », a-t-il déclaré.", direct("fr", "es"))
    assert "ha declarado" in target


def leg(kind: EngineKind, language: str, into: str, quality: float = 0.0) -> Leg:
    return Leg(kind.value, kind, language, into, "m", "", quality)


def test_a_neural_route_wins_over_better_rules() -> None:
    rules = leg(EngineKind.RULES, "es", "pt", 99.0)
    poor = [leg(EngineKind.NEURAL, "es", "en", 55.0), leg(EngineKind.NEURAL, "en", "pt", 55.0)]
    assert find_route([rules, *poor], "es", "pt").legs == tuple(poor)
    assert find_route([rules, poor[0]], "es", "pt").legs == (rules,)


def test_a_better_route_is_worth_another_translation_only_where_it_is_clearly_better() -> None:
    rough = Route((leg(EngineKind.RULES, "en", "es", 60.0),))
    little = Route((leg(EngineKind.RULES, "en", "es", 62.0),))
    chain = Route((leg(EngineKind.NEURAL, "en", "pt", 88.0), leg(EngineKind.RULES, "pt", "es", 85)))
    neural = Route((leg(EngineKind.NEURAL, "en", "es", 50.0),))
    assert is_clearly_better(chain, rough)
    assert is_clearly_better(neural, chain)
    assert not is_clearly_better(little, rough)
    assert not is_clearly_better(rough, chain)
    assert not is_clearly_better(chain, neural)


@needs_apertium
def test_the_chains_that_measured_best_are_taken() -> None:
    steps = {
        pair: [one.into for one in route_of(*pair).legs]
        for pair in (("en", "es"), ("en", "fr"), ("fr", "en"), ("es", "en"), ("pt", "es"))
    }
    assert steps == {
        ("en", "es"): ["pt", "es"],
        ("en", "fr"): ["pt", "es", "fr"],
        ("fr", "en"): ["es", "pt", "en"],
        ("es", "en"): ["pt", "en"],
        ("pt", "es"): ["es"],
    }


def test_a_chain_that_knows_the_words_of_one_end_alone_takes_none_for_names() -> None:
    rules = Leg("apertium", EngineKind.RULES, "fr", "pt", model="fr-pt")
    neural = route_of("pt", "en").legs[0]
    assert vocabulary_of(Route((neural,)), SPECS).words
    assert not vocabulary_of(Route((rules, neural)), SPECS).words


def test_a_word_without_end_is_looked_through_once() -> None:
    assert find_half_translated("a" * 300_000, "b", bool) == frozenset()


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan"])
def test_a_deadline_of_apertium_that_is_none_is_named(seconds: str) -> None:
    with pytest.raises(PluginError, match="deadline_s"):
        load_engine(EngineSpec("apertium", (("deadline_s", seconds),)))
