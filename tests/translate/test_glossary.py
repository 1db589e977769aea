"""Terms are found as they stand in news, and come out as the glossary says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dragoman.translate import (
    Terms,
    available_legs,
    exact_key,
    find_route,
    memory_key,
    remember,
    translate_article,
)
from dragoman.types import (
    Aids,
    Article,
    Block,
    BlockKind,
    EngineSpec,
    Term,
    Text,
    TranslatedSegment,
    Translation,
    Verdict,
)

SPECS = (EngineSpec("firefox"),)


def find(text: str, *terms: str, language: str = "en", is_cased: bool = False) -> list[str]:
    listed = Terms(Term(language, "x", term, "y", is_cased) for term in terms)
    return [text[found.start : found.end] for found in listed.find(text)]


def translate(
    text: str, *terms: Term, language: str = "en", into: str = "pt", **remembered: str
) -> TranslatedSegment:
    (done,) = translate_whole(text, *terms, language=language, into=into, **remembered).segments
    return done


def translate_whole(
    text: str, *terms: Term, language: str = "en", into: str = "pt", **remembered: str
) -> Translation:
    block = Block(BlockKind.PARAGRAPH, (Text(text),))
    article = Article("a", "s", "u", language, "", (block,))
    route = find_route(available_legs(SPECS), language, into)
    return translate_article(article, into, route, SPECS, remembered, Aids(glossary=terms))


# -- Finding ---------------------------------------------------------------------------


def test_a_term_is_found_as_whole_words_whatever_its_capitals() -> None:
    assert find("Carers and a CARER, but no carefree scare.", "carer") == ["Carers", "CARER"]


def test_a_cased_term_is_found_only_as_it_is_written() -> None:
    text = "He told us that the US and two MPs had left the US."
    assert find(text, "US", "MP", is_cased=True) == ["US", "MPs", "US"]


def test_where_terms_overlap_the_longest_is_taken() -> None:
    text = "The child care centre board met at the centre."
    found = find(text, "centre", "child care", "child care centre")
    assert found == ["child care centre", "centre"]


def test_an_exact_term_wins_over_the_plural_of_another() -> None:
    terms = Terms([Term("en", "pt", "bus", "um"), Term("en", "pt", "buses", "dois")])
    assert [one.term.translation for one in terms.find("A bus, two buses")] == ["um", "dois"]


@pytest.mark.parametrize(
    ("language", "term", "text", "expected"),
    [
        ("pt", "eleição", "As eleições de ontem", ["eleições"]),
        ("pt", "ministro das finanças", "A ministra das Finanças", ["ministra das Finanças"]),
        ("es", "elección", "las elecciones", ["elecciones"]),
        ("fr", "hôpital", "des hôpitaux", ["hôpitaux"]),
        ("de", "Regierung", "der Regierungen Europas", ["Regierungen"]),
        ("ru", "правительство", "решение правительства", ["правительства"]),
        ("tr", "hükümet", "hükümetin kararı", ["hükümetin"]),
        ("ar", "حكومة", "قالت الحكومة", ["الحكومة"]),
        ("zh", "北京", "他在北京工作", ["北京"]),
        ("hi", "सरकार", "की सरकार ने", ["सरकार"]),
    ],
)
def test_inflected_forms_are_found_where_the_language_allows(
    language: str, term: str, text: str, expected: list[str]
) -> None:
    assert find(text, term, language=language) == expected


@pytest.mark.parametrize(
    ("language", "term", "text"),
    [
        ("en", "universe", "the universities"),
        ("en", "organ", "an organisation"),
        ("en", "general", "generally"),
        ("pt", "apoio", "ele apoia"),
        ("de", "Haus", "der Haushalt"),
    ],
)
def test_words_that_only_share_a_stem_are_not_taken_for_a_term(
    language: str, term: str, text: str
) -> None:
    assert find(text, term, language=language) == []


def test_marks_inside_a_term_count_and_kinds_of_apostrophe_do_not() -> None:
    assert find("AT&T and at t", "AT&T") == ["AT&T"]
    assert find("C++ and C", "C++") == ["C++"]
    assert find("the Prime Minister’s Office", "Prime Minister's Office")
    assert find("a by-election, a by election", "by-election") == ["by-election"]


# -- Applying --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "term", "translation"),
    [
        ("The child care centre will stay closed until May.", "child care centre", "creche"),
        ("The bathroom of the old hotel was flooded.", "bathroom", "casa de banho"),
        ("The train was late because of snow on the line.", "train", "comboio"),
        ("The stolen painting was behind a refrigerator.", "refrigerator", "frigorífico"),
        (
            "Downing Street declined to comment on the letter.",
            "downing street",
            "governo britânico",
        ),
    ],
)
def test_a_term_is_used_as_the_glossary_says(text: str, term: str, translation: str) -> None:
    assert translation not in translate(text).target.lower()
    done = translate(text, Term("en", "pt", term, translation))
    assert translation in done.target.lower()
    assert done.verdict is Verdict.PUBLISH


def test_the_rest_of_the_sentence_agrees_with_the_term() -> None:
    done = translate("The screen went dark during the speech.", Term("en", "pt", "screen", "ecrã"))
    assert done.target.startswith("O ecrã")
    other = translate("The team trained all day.", Term("en", "pt", "team", "equipa"))
    assert other.target.startswith("A equipa")


def test_a_plural_comes_out_as_a_plural() -> None:
    term = Term("pt", "en", "autarquia", "local council")
    done = translate("As autarquias pedem mais dinheiro.", term, language="pt", into="en")
    assert "local councils" in done.target.lower()


def test_a_term_is_not_written_where_its_plural_is_not_known_but_marked() -> None:
    text = "Food banks across the region are running short of milk."
    done = translate(text, Term("en", "pt", "food bank", "banco alimentar"))
    assert done.target == translate(text).target
    assert done.verdict is Verdict.MARK
    (check,) = [check for check in done.checks if check.verdict is Verdict.MARK]
    assert (check.name, "“food bank” (banco alimentar)" in check.message) == ("glossary", True)
    plural = Term("en", "pt", "food banks", "bancos alimentares")
    assert "Bancos alimentares" in translate(text, plural).target


@pytest.mark.parametrize(
    "name", ["Guarda Nacional Republicana", "Assembleia da República", "Público"]
)
def test_what_is_never_translated_passes_unharmed(name: str) -> None:
    text = f"O comunicado foi escrito por {name} na terça-feira."
    done = translate(text, Term("pt", "en", name), language="pt", into="en")
    assert name in done.target
    assert done.verdict is Verdict.PUBLISH


def test_two_terms_of_a_sentence_are_both_used() -> None:
    terms = (Term("en", "pt", "train", "comboio"), Term("en", "pt", "bus", "autocarro"))
    done = translate("The train waited for the bus at the border.", *terms)
    assert "comboio" in done.target
    assert "autocarro" in done.target


def test_a_segment_that_is_a_term_alone_needs_no_engine() -> None:
    done = translate("Downing Street", Term("en", "pt", "downing street", "governo britânico"))
    assert done.target == "Governo britânico"


def test_the_gate_does_not_question_what_the_glossary_says() -> None:
    text = "The report was sent to Downing Street on Monday."
    done = translate(text, Term("en", "pt", "Downing Street", "governo de 1997"))
    assert "governo de 1997" in done.target
    assert [c.name for c in done.checks if c.verdict is not Verdict.PUBLISH] == []


def test_without_terms_a_translation_is_what_it_was() -> None:
    text = "The train was late because of snow on the line."
    other = Term("en", "pt", "lorry", "camião")
    assert translate_whole(text, other).segments == translate_whole(text).segments


# -- The memory ------------------------------------------------------------------------


def test_the_key_changes_when_and_only_when_a_term_of_the_segment_changes() -> None:
    route = find_route(available_legs(SPECS), "en", "pt")
    train, lorry = Term("en", "pt", "train", "comboio"), Term("en", "pt", "lorry", "camião")

    def key(*terms: Term) -> str:
        text = "The train was late."
        return memory_key(text, route, Terms(terms).find(text))

    assert key() == memory_key("The train was late.", route)
    assert key(lorry) == key()
    assert key(train, lorry) == key(train) == key(replace(train, note="of Portugal"))
    assert len({key(), key(train), key(replace(train, translation="trem"))}) == 3


def test_what_was_made_with_a_term_is_remembered_under_it() -> None:
    term = Term("en", "pt", "train", "comboio")
    text = "The train was late because of snow on the line."
    made = translate_whole(text, term)
    (unit,) = remember(made, Terms([term]))
    again = translate(text, term, **{unit.key: unit.target})
    assert (again.is_remembered, again.target) == (True, made.segments[0].target)
    assert not translate(text, **{unit.key: unit.target}).is_remembered


def test_an_imported_translation_wins_over_the_engine_and_its_memory() -> None:
    text = "The train was late because of snow on the line."
    route = find_route(available_legs(SPECS), "en", "pt")
    known = {
        exact_key(text, "en-GB", "pt"): "Por causa da neve na linha, o comboio atrasou-se.",
        memory_key(text, route): "O trem estava atrasado.",
    }
    done = translate(text, **known)
    assert done.target == "Por causa da neve na linha, o comboio atrasou-se."
    assert done.is_remembered
    assert remember(translate_whole(text, **known)) == ()


def test_the_gate_judges_an_imported_translation_too_but_leaves_its_words() -> None:
    text = "The train was 40 minutes late because of snow on the line."
    wrong = {exact_key(text, "en", "pt"): "O trem atrasou-se 90 minutos por causa da neve."}
    done = translate(text, Term("en", "pt", "train", "comboio"), **wrong)
    assert done.target == "O trem atrasou-se 90 minutos por causa da neve."
    assert {"numbers", "glossary"} <= {check.name for check in done.checks}
    assert done.verdict is Verdict.MARK


def test_chinese_in_one_script_is_no_exact_match_for_the_other() -> None:
    assert exact_key("x", "en", "zh-TW") != exact_key("x", "en", "zh")
    assert exact_key("x", "en", "pt-BR") == exact_key("x", "en-GB", "pt")
