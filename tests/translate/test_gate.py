from __future__ import annotations

import pytest

from dragoman.translate.gate import check_segment, judge_article, worst
from dragoman.types import Check, Segment, TranslatedSegment, Verdict


def judge(source: str, target: str, language: str = "en", into: str = "pt") -> tuple[str, Verdict]:
    repaired, checks = check_segment(source, target, language, into)
    assert all(check.message for check in checks)
    return repaired, worst(checks)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("It opens at 3:45 p.m. on May 5.", "Abre às 15h45 de 5 de maio."),
        ("It opens at 7.55am.", "Abre às 7h55."),
        ("The bill of £2.8bn rose by 8.1 percent.", "A conta de 2,8 bilhões de libras subiu 8,1%."),
        ("Some 1,234,567 people and eight dogs came.", "Vieram 1.234.567 pessoas e 8 cães."),
        ("She is 31 and won 3-2 in the 1990s.", "Ela tem 31 anos e venceu por 3-2 nos anos 90."),
        ("A 25-year-old man ran 100 miles.", "Um homem de vinte e cinco anos correu 161 km."),
        ("He said “no” to 'all of it'.", "Ele disse “não” a “tudo isso”."),
        ("The first of 12 schools opened.", "A primeira de doze escolas abriu."),
        ("Call 0800 555 111 now.", "Ligue já para 0800 555 111."),
        ("King Charles III spoke.", "O rei Carlos 3 falou."),
    ],
)
def test_a_right_translation_is_published(source: str, target: str) -> None:
    assert judge(source, target) == (target, Verdict.PUBLISH)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The quake killed 12 people.", "O terremoto matou 21 pessoas."),
        ("The quake killed 12 people.", "O terremoto matou pessoas."),
        ("It cost 2.8 million dollars.", "Custou 2,8 bilhões de dólares."),
        ("He was born in 1984 in Rome.", "Ele nasceu em 1948 em Roma."),
        ("It opens at 3:45 p.m.", "Abre às 13h45."),
        ("Prices rose by 8.1 percent.", "Os preços subiram 18%."),
        ("The minister said “never again” on Monday.", "O ministro disse nunca mais na segunda."),
        ("See https://example.org/a?at=1 today.", "Veja https://example.org/a?em=1 hoje."),
        ("He said the talks are over now.", "Ele disse que ele disse que ele disse que acabaram."),
        ("Menga strike gives Livingston a win over Rangers.",
         "Menga strike gives Livingston a vitória sobre o Rangers."),
        ("The council closed the school on Monday because the roof had fallen in over the weekend.",
         "O conselho fechou a escola."),
    ],
)  # fmt: skip
def test_a_wrong_translation_is_not_published_silently(source: str, target: str) -> None:
    assert judge(source, target)[1] is not Verdict.PUBLISH


@pytest.mark.parametrize(
    "target",
    [
        "",
        "   ",
        "The minister said on Monday that the meeting was over and done.",
        "O ministro o ministro o ministro o ministro o ministro disse isso.",
    ],
)
def test_what_is_no_translation_is_held(target: str) -> None:
    source = "The minister said on Monday that the meeting was over and done."
    assert judge(source, target)[1] is Verdict.HOLD


@pytest.mark.parametrize(
    ("source", "target", "repaired"),
    [
        ("It cost 1,234,567 dollars.", "Custou 1,234,567 dólares.", "Custou 1.234.567 dólares."),
        ("It cost 1,234,567 dollars.", "Custou 1,234.567 dólares.", "Custou 1.234.567 dólares."),
        ("It grew by 7.25 points.", "Cresceu 7.25 pontos.", "Cresceu 7,25 pontos."),
        ("It cost £3.99.", "Custou 3,99 euros.", "Custou 3,99 libras."),
        ("A plan of £125m.", "Um plano de €125 milhões.", "Um plano de £125 milhões."),
        ("He left early.", "Ele saiu cedo (em inglês).", "Ele saiu cedo."),
    ],
)
def test_what_is_certain_is_repaired_and_noted(source: str, target: str, repaired: str) -> None:
    found, checks = check_segment(source, target, "en", "pt")
    assert found == repaired
    assert checks
    assert worst(checks) is Verdict.PUBLISH


def test_figures_are_read_the_other_way_round_too() -> None:
    assert judge("Custou R$ 1.234,56 em 2020.", "It cost R$1,234.56 in 2020.", "pt", "en")[1] is (
        Verdict.PUBLISH
    )
    assert judge("Custou 1.234 reais.", "It cost 1.234 reais.", "pt", "en")[0] == (
        "It cost 1,234 reais."
    )


def segment(block: int, verdict: Verdict, text: str = "A sentence.") -> TranslatedSegment:
    return TranslatedSegment(Segment(f"s{block}", block, 0, 0, len(text), text), "x", (), verdict)


def test_an_article_is_held_with_its_title_or_with_most_of_its_body() -> None:
    held, good = Verdict.HOLD, Verdict.PUBLISH
    assert worst(judge_article([segment(-1, held), segment(0, good)])) is held
    assert worst(judge_article([segment(-1, good), segment(0, held), segment(1, held)])) is held
    body = [segment(-1, good), segment(0, good), segment(1, good), segment(2, held)]
    assert judge_article(body) == ()


def test_the_gravest_finding_decides() -> None:
    mark, hold = Check("a", Verdict.MARK, "m"), Check("b", Verdict.HOLD, "h")
    assert worst([mark, hold, mark]) is Verdict.HOLD
    assert worst([]) is Verdict.PUBLISH
