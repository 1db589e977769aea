"""The gate in other languages than the shipped models': sentences of our own, right and wrong."""

from __future__ import annotations

import pytest

from dragoman.translate.gate import check_segment, learn_lengths, worst
from dragoman.translate.reading.tongues import find_tongue
from dragoman.translate.vocabulary import Vocabulary
from dragoman.translate.words import word_list
from dragoman.types import Verdict


def names_of(source: str, target: str, language: str, into: str) -> set[str]:
    found = check_segment(source, target, language, into)[1]
    return {check.name for check in found if check.verdict is not Verdict.PUBLISH}


@pytest.mark.parametrize(
    ("source", "target", "language", "into"),
    [
        ("She walked 30 yards out of the house.", "Sie ging 27 Meter aus dem Haus.", "en", "de"),
        ("Rain of 2 to 4 inches fell.", "Es fielen 5 bis 10 Zentimeter Regen.", "en", "de"),
        ("The bag weighed 650 pounds.", "Мешок весил 295 килограммов.", "en", "ru"),
        ("It was 86 degrees Fahrenheit.", "Il faisait 30 degrés Celsius.", "en", "fr"),
        ("The 6-foot-6 guard spoke.", "O guarda de 1,98 m falou.", "en", "pt"),
        ("About 25 ships left the port.", "Etwa fünfundzwanzig Schiffe verließen den Hafen.",
         "en", "de"),
        ("The 19th century was long.", "Le XIXe siècle fut long.", "en", "fr"),
        ("The 19th century was long.", "كان القرن التاسع عشر طويلا.", "en", "ar"),
        ("It opens at 3 p.m. today.", "Ça ouvre à 15 h aujourd’hui.", "en", "fr"),
        ("It opens at 1 p.m. today.", "Es öffnet heute um 13.00 Uhr.", "en", "de"),
        ("Half of them came.", "50 % d’entre eux sont venus.", "en", "fr"),
        ("Some 120,000 people came.", "约有12万人前来参加。", "en", "zh"),
        ("Three boats sank.", "三艘船沉没了。", "en", "zh"),
        ("Some 2.8 million came.", "Пришло около 2,8 млн человек.", "en", "ru"),
        ("The city of 380,000 people woke.",
         "استيقظت المدينة التي يسكنها 380,000 شخص.", "en", "ar"),
        ("Call 0800 555 111 today.", "Ligue hoje para 0800 555 111.", "en", "pt"),
        ("He is certain, 100 percent certain, he said.",
         "Ele tem certeza, certeza absoluta, disse.",
         "en", "pt"),
        ("Raheem Sterling scored in the 3rd minute.", "Рахим Стерлинг забил на 3-й минуте.",
         "en", "ru"),
        ("The fine was 400 dollars.", "Штраф составил 400 долл.", "en", "ru"),
        ("The fine was £400.", "Die Strafe betrug 400 Pfund.", "en", "de"),
        ("They met on Friday morning.", "Sie trafen sich am Freitagmorgen.", "en", "de"),
        ("They met on Friday.", "Они встретились в пятницу.", "en", "ru"),
        ("They met on Monday and Tuesday.", "التقوا يومي الاثنين والثلاثاء.", "en", "ar"),
        ("He told the Sunday Times about it.", "قال ذلك لصحيفة صنداي تايمز.", "en", "ar"),
        ("Hamburg won in May.", "В мае победил «Гамбург».", "en", "ru"),
        ("«Спартак» выиграл матч.", "Spartak won the match.", "ru", "en"),
        ("Il n'a marqué qu'une fois.", "He scored only once.", "fr", "en"),
        ("Aucun bateau n'a coulé.", "No boat sank.", "fr", "en"),
        ("Никто не пришёл.", "Nobody came.", "ru", "en"),
        ("Тем не менее он пришёл.", "He came all the same.", "ru", "en"),
        ("Il a fermé les magasins non alimentaires.", "He closed the non-food shops.", "fr", "en"),
        ("It will happen no later than Monday.", "Acontecerá até segunda-feira.", "en", "pt"),
        ("Style has scarcely changed.", "O estilo quase não mudou.", "en", "pt"),
        ("No, no, no.", "Não, não, não.", "en", "pt"),
        ("Mr Yuan sold his house.", "Herr Yuan verkaufte sein Haus.", "en", "de"),
        ("The bridge was closed, the mayor said.", "市长说，这座桥已经关闭。", "en", "zh"),
        ("The bridge was closed, the mayor said.", "橋は閉鎖された、と市長は述べた。", "en", "ja"),
    ],
)  # fmt: skip
def test_a_right_translation_is_no_finding(
    source: str, target: str, language: str, into: str
) -> None:
    assert names_of(source, target, language, into) == set()
    assert names_of(target, source, into, language) == set()


@pytest.mark.parametrize(
    ("name", "source", "target", "language", "into"),
    [
        ("numbers", "Some 380 mil pessoas moram ali.", "Some 380 people live there.", "pt", "en"),
        ("numbers", "She walked 30 yards.", "Sie ging 72 Meter.", "en", "de"),
        ("numbers", "The quake of 7.5 raised waves of 20 feet.",
         "O tremor de 6,5 levantou ondas de seis metros.", "en", "pt"),
        ("numbers", "Il y avait trois bateaux.", "There were seven boats.", "fr", "en"),
        ("numbers", "Погибли 12 человек.", "In all 21 people died.", "ru", "en"),
        ("numbers", "死亡 47 人。", "In all 74 people died.", "zh", "en"),
        ("numbers", "قتل 12 شخصا.", "Il y a eu 21 morts.", "ar", "fr"),
        ("currency", "The fine was £400.", "Штраф составил 400 долларов.", "en", "ru"),
        ("currency", "The fine was £400.", "بلغت الغرامة 400 يورو.", "en", "ar"),
        ("dates", "They met on Friday.", "Они встретились в среду.", "en", "ru"),
        ("dates", "Sie kamen im März.", "They came in October.", "de", "en"),
        ("dates", "They met on Monday and Tuesday.", "Se reunieron el lunes y el lunes.",
         "en", "es"),
        ("negation", "The animal did not belong to us.", "O animal pertence nem a nós.",
         "en", "pt"),
        ("negation", "She did not see anything.", "Ela viu nada.", "en", "pt"),
        ("negation", "Aucun bateau n'a coulé.", "The boat sank.", "fr", "en"),
        ("negation", "Boats could sail without a licence.", "Os barcos podiam navegar com licença.",
         "en", "pt"),
        ("language", "She was twenty years old.", "Ella tenía veinte años.", "en", "pt"),
        ("language", "Ela tinha vinte anos.", "Ella tenía veinte años.", "pt", "en"),
        ("language", "The bridge was closed yesterday by the city.",
         "Учора міст закрили, і це було несподівано.", "en", "ru"),
        ("repetition", "The bridge was closed.", "Le pont a été a été a été fermé.", "en", "fr"),
        ("repetition", "The bridge was closed.", "桥已关闭。桥已关闭。桥已关闭。", "en", "zh"),
        ("length", "The bridge was closed on account of the ice, and it will open in spring.",
         "Die Brücke.", "en", "de"),
    ],
)  # fmt: skip
def test_a_wrong_translation_is_found(
    name: str, source: str, target: str, language: str, into: str
) -> None:
    assert name in names_of(source, target, language, into)


SMALL = word_list("police arrested evening club council court committee polícia prendeu noite a o")
WORDS = Vocabulary(words=dict.fromkeys(SMALL, -9.0))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("The police arrested Wade Sims and Tom Simpson.",
         "A polícia prendeu Wade Marks e Tom Simpson."),
        ("The police arrested Sims.", "A polícia prendeu Kowalski."),
        ("The police arrested him.", "A polícia prendeu Kowalski."),
    ],
)  # fmt: skip
def test_a_name_that_nobody_wrote_is_found(source: str, target: str) -> None:
    checks = check_segment(source, target, "en", "pt", WORDS)[1]
    assert "names" in {check.name for check in checks}


@pytest.mark.parametrize(
    ("source", "target", "language", "into"),
    [
        ("The police arrested Wade Sims.", "A polícia o prendeu.", "en", "pt"),
        ("The police arrested Insp. Wade Sims.", "A polícia prendeu Wade Sims.", "en", "pt"),
        ("It went to the Judiciary Committee.", "Foi para a Comissão Jurídica.", "en", "pt"),
        ("He won an Olympic medal.", "Ele ganhou uma medalha olímpica.", "en", "pt"),
        ("They met in Britain's capital.", "Eles se reuniram na capital do país.", "en", "pt"),
        ("The police arrested Jones.", "Полиция задержала Джонса.", "en", "ru"),
        ("It was in Sept. 2019 that the police came.",
         "Foi em setembro de 2019 que a polícia veio.",
         "en", "pt"),
    ],
)  # fmt: skip
def test_a_name_said_otherwise_or_left_out_is_no_finding(
    source: str, target: str, language: str, into: str
) -> None:
    checks = check_segment(source, target, language, into, WORDS)[1]
    assert "names" not in {check.name for check in checks}


@pytest.mark.parametrize(
    ("text", "expected", "spoken"),
    [
        ("Ella tenía veinte años.", "pt", "es"),
        ("Ela tinha vinte anos.", "es", "pt"),
        ("Був холодний день, і люди йшли додому.", "ru", "uk"),
        ("Это был холодный день, и люди шли домой.", "uk", "ru"),
        ("De gik hjem efter noget meget koldt.", "nb", "da"),
        ("Gdje je bio prije, nitko ne zna.", "sr", "hr"),
        ("Ela tinha vinte anos.", "pt", ""),
        ("No, no, no.", "en", ""),
        ("The film La vita è bella was shown on Monday.", "en", ""),
        ("30 %", "de", ""),
    ],
)
def test_close_languages_are_told_apart_by_small_words(
    text: str, expected: str, spoken: str
) -> None:
    assert find_tongue(text, expected) == spoken


def test_lengths_are_learnt_from_the_article_at_hand() -> None:
    source = "The bridge over the river was closed on account of the ice."
    usual = learn_lengths("en", "fi")
    taught = learn_lengths("en", "fi", [(source, source[: len(source) // 2])] * 40)
    assert taught.ratio < 0.75 * usual.ratio


def test_an_engine_that_breaks_off_does_not_teach_that_this_is_right() -> None:
    source = "The bridge over the river was closed on account of the ice and will not open soon."
    broken = source[: len(source) // 3]
    lengths = learn_lengths("en", "pt", [(source, broken)] * 200)
    found = check_segment(source, broken, "en", "pt", lengths=lengths)[1]
    assert worst(found) is not Verdict.PUBLISH


def test_a_few_lost_sentences_do_not_move_what_is_usual() -> None:
    source = "The bridge over the river was closed on account of the ice."
    pairs = [(source, source)] * 9 + [(source, "Nada.")] * 4
    assert abs(learn_lengths("en", "sw", pairs).ratio - 1.0) < 0.1


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Firms not paying tax will help the homeless.",
         "Empresas que pagam imposto ajudarão os sem-teto."),
        ("Some were unhappy, up until the early hours.",
         "Alguns ficaram felizes, acordados até a madrugada."),
    ],
)  # fmt: skip
def test_a_word_made_with_without_or_an_until_does_not_hide_a_lost_negation(
    source: str, target: str
) -> None:
    checks = check_segment(source, target, "en", "pt")[1]
    assert "negation" in {check.name for check in checks}


@pytest.mark.parametrize(
    ("source", "target", "language", "into"),
    [
        # What a name's initials stand for is no name that nobody wrote.
        ("There are nice moments in this JE outing.",
         "Esta história de Johnny English tem bons momentos.", "en", "pt"),
        # A foreign term that one side alone sets apart was kept on purpose.
        ("The swinging pendulum of momentum is an old idea in sport, and a wrong one at that.",
         "O “swinging pendulum of momentum” é uma velha ideia no esporte, e errada.", "en", "pt"),
        ("Estou muito feliz de voltar ao torneio.",
         "I am so happy, so happy to be back at the cup.", "pt", "en"),
    ],
)  # fmt: skip
def test_what_a_translator_does_on_purpose_is_no_fault(
    source: str, target: str, language: str, into: str
) -> None:
    names = {check.name for check in check_segment(source, target, language, into)[1]}
    assert not names & {"names", "untranslated", "repetition"}


def test_a_paper_that_is_called_after_another_day_is_found() -> None:
    source = "Ela falou ao jornal The Sunday Courier sobre o plano."
    checks = check_segment(source, "She told The Monday Courier about the plan.", "pt", "en")[1]
    assert "dates" in {check.name for check in checks}


def test_a_day_that_translators_add_where_none_is_named_is_no_fault() -> None:
    source = "A porta-voz falou com os jornalistas sobre o plano."
    target = "The spokeswoman talked to reporters about the plan on Friday."
    assert "dates" not in {check.name for check in check_segment(source, target, "pt", "en")[1]}
