"""What changes the meaning without looking wrong: names, negations, dates, lost sentences."""

from __future__ import annotations

import pytest

from dragoman.translate import available_legs, find_route, translate_article
from dragoman.translate.gate import check_segment
from dragoman.translate.reading.labels import translate_label
from dragoman.translate.repairs import vocabulary_of
from dragoman.types import Article, EngineSpec, Verdict

SPECS = (EngineSpec("firefox"),)


def names_of(source: str, target: str, language: str = "en", into: str = "pt") -> set[str]:
    route = find_route(available_legs(SPECS), "en", "pt")
    vocabulary = vocabulary_of(route, SPECS)
    checks = check_segment(source, target, language, into, vocabulary)[1]
    return {check.name for check in checks}


@pytest.mark.parametrize(
    ("name", "source", "target", "language", "into"),
    [
        ("names", "Analysts in Vienna praised Merkel on the plan.",
         "Analistas em Viena elogiaram Kowalski pelo plano.", "en", "pt"),
        ("negation", "The company did not pay the workers.",
         "A empresa pagou aos trabalhadores.", "en", "pt"),
        ("negation", "The company paid the workers.",
         "A empresa não pagou aos trabalhadores.", "en", "pt"),
        ("negation", "Le ministre n'a pas signé l'accord.",
         "The minister signed the agreement.", "fr", "en"),
        ("negation", "Министр не подписал договор.",
         "The minister signed the treaty.", "ru", "en"),
        ("negation", "Der Minister hat den Vertrag nicht unterschrieben.",
         "El ministro firmó el tratado.", "de", "es"),
        ("negation", "لم يوقع الوزير الاتفاق.", "Le ministre a signé l'accord.", "ar", "fr"),
        ("dates", "They met on Tuesday in the capital.",
         "Eles se reuniram na quinta-feira na capital.", "en", "pt"),
        ("dates", "A eleição será em outubro.", "The election will be in August.", "pt", "en"),
        ("dates", "It began at 3:45 p.m. there.", "Lá começou às 3h45.", "en", "pt"),
        ("tail", "The mayor said that the bridge would open again before the winter.",
         "O prefeito disse que a ponte", "en", "pt"),
        ("length", "The bridge was closed on account of the ice. Nobody knows when it will open.",
         "A ponte foi fechada por causa do gelo.", "en", "pt"),
        ("repetition", "The bridge was closed for the whole day.",
         "A ponte ficou fechada o dia todo. A ponte ficou fechada o dia todo.", "en", "pt"),
        ("repetition", "The bridge was closed.", "A ponte foi foi fechada.", "en", "pt"),
        ("language", "The bridge was closed by the city.",
         "El puente fue cerrado por la ciudad y los vecinos.", "en", "pt"),
        ("length", "Economia", "Economic and Economies", "pt", "en"),
        ("negation", "The bank will not lend unless the city pays.",
         "O banco não emprestará se a cidade pagar.", "en", "pt"),
    ],
)  # fmt: skip
def test_a_changed_meaning_is_noticed(
    name: str, source: str, target: str, language: str, into: str
) -> None:
    assert name in names_of(source, target, language, into)


@pytest.mark.parametrize(
    ("source", "target", "language", "into"),
    [
        ("They did not leave until Tuesday.", "Eles só partiram na terça-feira.", "en", "pt"),
        ("He left without a word.", "Ele saiu sem dizer nada.", "en", "pt"),
        ("No one saw anything in Moscow.", "Ninguém viu nada em Moscou.", "en", "pt"),
        ("He failed to reach Germany in May 2019.",
         "Ele não conseguiu chegar à Alemanha em maio de 2019.", "en", "pt"),
        ("It may rain in the second half.", "Pode chover no segundo tempo.", "en", "pt"),
        ("The bank will not lend unless the city pays.",
         "O banco não emprestará se a cidade não pagar.", "en", "pt"),
        ("They have yet to name a coach.", "Eles ainda não escolheram um treinador.", "en", "pt"),
        ("The Treasury raised the tax.", "O Ministério das Finanças subiu o imposto.", "en", "pt"),
        ("The plaintiff left the room.", "A queixosa deixou a sala.", "en", "pt"),
        ("Ninguém sabe se se trata de um erro.", "Nobody knows if it is a mistake.", "pt", "en"),
        ("It is not clear whether it is a mistake.",
         "Ainda não está claro se se trata de um erro.", "en", "pt"),
        ("'We know it may change students' lives.", "“Sabemos que pode mudar a vida de alunos.",
         "en", "pt"),
        ('"They had a bit of that "momentum", I think", he said.',
         '"Eles tinham um pouco de embalo, acho eu", disse ele.', "en", "pt"),
        ("Elle n'est pas venue à Londres.", "She did not come to London.", "fr", "en"),
        ("It began at 3:45 p.m. there.", "Lá começou às 15h45.", "en", "pt"),
        ("James Van Der Beek eliminated from 'Dancing with the Stars' after ten weeks",
         "James Van Der Beek eliminado de 'Dancing with the Stars' após dez semanas", "en", "pt"),
    ],
)  # fmt: skip
def test_the_same_said_otherwise_is_no_finding(
    source: str, target: str, language: str, into: str
) -> None:
    assert names_of(source, target, language, into) == set()


@pytest.mark.parametrize(
    ("label", "language", "into", "expected"),
    [
        ("Economia", "pt", "en", "Economy"),
        ("BREAKING:", "en", "pt", "URGENTE:"),
        ("Opinion", "en", "pt", "Opinião"),
        ("Sport", "fr", "ar", "رياضة"),
        ("Esporte", "pt", "es", "Deportes"),
        ("Economia cresce", "pt", "en", ""),
        ("Economia", "pt", "ja", ""),
    ],
)
def test_a_label_comes_from_the_table(label: str, language: str, into: str, expected: str) -> None:
    assert translate_label(label, language, into) == expected


def test_a_title_that_is_a_label_does_not_reach_the_engine() -> None:
    article = Article("a", "s", "https://example.org/", "pt", "Economia", ())
    route = find_route(available_legs(SPECS), "pt", "en")
    done = translate_article(article, "en", route, SPECS)
    assert (done.title, done.verdict) == ("Economy", Verdict.PUBLISH)
