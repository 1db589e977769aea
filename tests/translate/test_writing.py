"""What the model cannot write, quotation marks and phrases in other languages."""

from __future__ import annotations

import pytest

from dragoman.translate import available_legs, find_route, load_engine
from dragoman.translate.reading.foreign import find_foreign
from dragoman.translate.spans.quotations import find_quoted, put_quotes
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.writing.characters import restore_text, set_quotes, write_text
from dragoman.translate.writing.marks import pair_marks
from dragoman.types import EngineSpec, Span, SpanKind

SPECS = (EngineSpec("firefox"),)


def vocabulary() -> Vocabulary:
    leg = find_route(available_legs(SPECS), "en", "pt").legs[0]
    return load_engine(SPECS[0]).vocabulary(leg)


def back(source: str, answer: str, into: str = "pt") -> str:
    return restore_text(answer, write_text(source, vocabulary(), "en", curly=True), into)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("“We saw nothing,” he said, “at all.”", ["“We saw nothing,”", "“at all.”"]),
        (
            "“We will build “green” houses,” he said.",
            ["“We will build “green” houses,”", "“green”"],
        ),
        ("The paper wrote: „Nothing is safe“.", ["„Nothing is safe“"]),
        ("»Nothing is safe«, it wrote.", ["»Nothing is safe«"]),
        ("Il a dit : « Rien. »", ["« Rien. »"]),
        ('A 24" screen and a 27" screen.', []),
        ("It was a mistake,” he said.", []),
    ],
)  # fmt: skip
def test_marks_that_belong_together_are_found_in_every_style(text: str, quoted: list[str]) -> None:
    assert [text[pair.start : pair.end + 1] for pair in pair_marks(text)] == quoted


def test_a_quotation_within_a_quotation_gets_inner_marks() -> None:
    text = 'Ela disse: "Ele falou "nunca mais" e saiu".'
    assert set_quotes(text, "pt") == "Ela disse: “Ele falou ‘nunca mais’ e saiu”."
    assert set_quotes('"Sim", disse. "Vamos."', "pt") == "“Sim”, disse. “Vamos.”"


def test_a_mark_that_nobody_wrote_and_that_closes_nothing_is_taken_out() -> None:
    source = "– We saw nothing – said the guard."
    assert '"' not in back(source, 'Não vimos nada", disse o guarda.')
    assert back("“Go,” he said.", '"Vá", disse ele.') == "“Vá”, disse ele."


def test_a_mark_in_the_place_of_a_plurals_apostrophe_is_one() -> None:
    answer = 'The judges" decision was announced "last night," he said.'
    written = write_text('A decisão foi anunciada "ontem", disse.', vocabulary(), "pt", curly=False)
    assert restore_text(answer, written, "en") == answer.replace('judges"', "judges'")
    kept = 'He named "the judges" on Monday.'
    assert restore_text(kept, written, "en") == kept


def test_ordinals_are_written_as_the_language_writes_them() -> None:
    assert back("It was her 21st victory.", "Foi a sua 21a vitória.") == "Foi a sua 21ª vitória."
    assert back("The 3rd district.", "O 3o distrito.") == "O 3º distrito."
    assert back("Room 3 was shut.", "A sala 3a fechou.") == "A sala 3a fechou."


def test_a_dash_without_spaces_is_a_dash_again() -> None:
    source = "The plan—if there is one—remains secret."
    written = write_text(source, vocabulary(), "en", curly=True)
    assert written.text == "The plan - if there is one - remains secret."
    answer = "O plano - se houver um - continua secreto."
    assert restore_text(answer, written, "pt") == "O plano — se houver um — continua secreto."


def test_a_headline_gets_neither_a_comma_nor_a_small_first_letter() -> None:
    assert back("Hello", "Olá,") == "Olá"
    assert back("Ship", "navio") == "Navio"
    assert back("IPhone sales", "iPhone em alta") == "iPhone em alta"


def test_entities_that_were_left_over_are_read() -> None:
    written = write_text("Marks &amp; Spencer&#39;s shops", vocabulary(), "en", curly=False)
    assert written.text == "Marks & Spencer's shops"


def test_a_genitive_does_not_hide_a_name_that_the_model_cannot_spell() -> None:
    assert back("Świątek's coach left.", "O treinador de Swiatek saiu.").endswith("Świątek saiu.")


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "They sang “El pueblo unido jamás será vencido” all night.",
         ["El pueblo unido jamás será vencido"]),
        ("pt", "Ele citou “la donna è mobile” ontem.", ["la donna è mobile"]),
        ("pt", "O cartaz dizia “Black lives matter”.", ["Black lives matter"]),
        ("en", "The sign read “¡No pasarán!”.", ["¡No pasarán!"]),
        ("en", "She called it “a farce from beginning to end”.", []),
        ("en", "The “greatest gallantry” and “supply of labour”.", []),
        ("pt", "Ela falou em “grandes discursos” e “pensa seriamente”.", []),
        ("es", "Habló de “mayor valentía” y de algo “totalmente absurdo”.", []),
    ],
)  # fmt: skip
def test_quoted_phrases_in_another_language_are_found(
    language: str, text: str, kept: list[str]
) -> None:
    assert [text[start:end] for start, end in find_foreign(text, language)] == kept


def test_a_foreign_title_in_italics_is_found_without_quotation_marks() -> None:
    text = "The motto ordem e progresso is on the flag."
    start = text.index("ordem")
    span = Span(SpanKind.ITALIC, start, start + len("ordem e progresso"))
    assert find_foreign(text, "en", (span,)) == ((span.start, span.end),)
    assert find_foreign(text, "en") == ()


def test_marks_of_a_nested_quotation_are_put_back_around_their_words() -> None:
    source = "“We want “green” houses,” he said."
    outer, inner = find_quoted(source)
    target = "Queremos casas verdes, disse ele."
    places = (
        Span(SpanKind.QUOTE, 0, target.index(","), outer.value),
        Span(SpanKind.QUOTE, target.index("verdes"), target.index(","), inner.value),
    )
    assert put_quotes(source, target, places) == '"Queremos casas "verdes"", disse ele.'
