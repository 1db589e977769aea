"""Figures are found in the words of each language, and only what is surely counted."""

from __future__ import annotations

import pytest

from dragoman.publish.figures import Said, compare_figures, find_figures


def found(text: str, language: str, year: int = 0) -> list[str]:
    """Give figures in short: "killed 12", "injured/children >3", "fine 2.5 EUR"."""
    signs = {"least": ">=", "more": ">", "about": "~", "most": "<=", "": ""}
    return [
        f"{one.kind}{'' if one.who in ('people', '') else '/' + one.who} "
        f"{signs[one.bound]}{one.value:g}{' ' + one.unit if one.unit else ''}"
        for one in find_figures(text, language, year)
    ]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "At least 12 people killed and 30 injured in crash", "killed >=12, injured 30"),
        ("en", "Flood kills 1,240; dozens missing", "killed 1240"),
        ("en", "Death toll rises from 12 to 15", "killed 15"),
        ("en", "Twenty-five miners have been confirmed dead", "killed/workers 25"),
        ("en", "Police arrested more than two hundred people", "arrested >200"),
        ("en", "The company was fined $2.5 billion", "fine 2.5e+09 USD"),
        ("en", "A magnitude 6.4 earthquake struck", "magnitude 6.4"),
        ("en", "Parliament voted 312 in favour and 201 against",
         "votes-for 312, votes-against 201"),
        ("en", "Turnout was 61.5%, officials said", "turnout 61.5 %"),
        ("en", "Some 100,000 troops stand near the border", "troops ~100000"),
        ("en", "12 slightly hurt as quake rattles coast", "injured 12"),
        ("pt", "Doze pessoas se feriram sem gravidade", "injured 12"),
        ("fr", "Au moins douze morts et trente blessés dans un accident de train",
         "killed >=12, injured 30"),
        ("fr", "Le bilan s’alourdit à 15 morts", "killed 15"),
        ("fr", "Plus de 1 240 personnes ont été tuées", "killed >1240"),
        ("fr", "Quatre-vingt-dix-sept manifestants interpellés", "arrested 97"),
        ("fr", "Un séisme de magnitude 6,4", "magnitude 6.4"),
        ("fr", "Une amende de 2,5 milliards d’euros", "fine 2.5e+09 EUR"),
        ("fr", "Deux millions de personnes déplacées", "displaced 2e+06"),
        ("fr", "L’attaque tue 12 civils", "killed/civilians 12"),
        ("pt", "Sobe para 15 o número de mortos", "killed 15"),
        ("pt", "Acidente mata pelo menos doze pessoas e fere 30", "killed >=12, injured 30"),
        ("pt", "Mais de 1.240 pessoas foram detidas", "arrested >1240"),
        ("pt", "Vinte e cinco desaparecidos após cheia", "missing 25"),
        ("pt", "Empresa leva multa de R$ 2,5 milhões", "fine 2.5e+06 BRL"),
        ("pt", "Sismo de magnitude 6,4", "magnitude 6.4"),
        ("es", "Mueren al menos 12 personas y 30 resultan heridas", "killed >=12, injured 30"),
        ("es", "Un terremoto de magnitud 6,4 deja doscientos muertos",
         "magnitude 6.4, killed 200"),
        ("es", "Detenidos 1.240 manifestantes", "arrested 1240"),
        ("es", "Treinta y cinco desaparecidos", "missing 35"),
        ("es", "Un presupuesto de dos mil millones de euros", "budget 2e+09 EUR"),
        ("ru", "Не менее 12 человек погибли, 30 ранены", "killed >=12, injured 30"),
        ("ru", "Число погибших выросло с 12 до 15", "killed 15"),
        ("ru", "До 15 человек погибли", "killed <=15"),
        ("ru", "Двадцать пять человек пропали без вести", "missing 25"),
        ("ru", "Полиция задержала более 1 240 человек", "arrested >1240"),
        ("ru", "Землетрясение магнитудой 6,4", "magnitude 6.4"),
        ("ru", "Штраф в 2,5 млрд рублей", "fine 2.5e+09 RUB"),
        ("de", "Mindestens zwölf Tote und 30 Verletzte bei Zugunglück",
         "killed >=12, injured 30"),
        ("de", "Zahl der Toten steigt auf 15", "killed 15"),
        ("de", "Die Arbeitslosenquote sinkt von 14,7 Prozent im Mai auf 13,3 Prozent",
         "unemployment 13.3 %"),
        ("de", "Bei dem Brand sind fünfundzwanzig Menschen ums Leben gekommen", "killed 25"),
        ("de", "Polizei nimmt mehr als 1.240 Demonstranten fest", "protesters >1240"),
        ("de", "Ein Beben der Stärke 6,4", "magnitude 6.4"),
        ("de", "Eine Geldstrafe von 2,5 Milliarden Euro", "fine 2.5e+09 EUR"),
        ("ar", "مقتل 12 شخصا على الأقل وإصابة 30 في حادث قطار", "killed >=12, injured 30"),
        ("ar", "ارتفاع عدد القتلى من 12 إلى 15", "killed 15"),
        ("ar", "مقتل ١٢ شخصاً وإصابة ثلاثين", "killed 12, injured 30"),
        ("ar", "خمسة وعشرون قتيلا في الفيضانات", "killed 25"),
        ("ar", "اعتقال أكثر من 1,240 متظاهرا", "arrested >1240"),
        ("ar", "زلزال بقوة 6.4 درجات", "magnitude 6.4"),
        ("ar", "غرامة بقيمة 2.5 مليار يورو", "fine 2.5e+09 EUR"),
    ],
)  # fmt: skip
def test_a_figure_is_read_with_what_it_counts(language: str, text: str, expected: str) -> None:
    assert ", ".join(found(text, language)) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "12 more people killed as search goes on"),
        ("en", "Between 10 and 15 people killed"),
        ("en", "10-15 people killed"),
        ("en", "Two Americans killed in blast"),
        ("en", "The 1999 quake killed 17,000 people"),
        ("en", "Twelve sentenced to death"),
        ("en", "A 12-year-old killed in crash"),
        ("en", "He was killed on 12 May at 10:30"),
        ("en", "The F-16 killed in 12 minutes"),
        ("en", "Last year 120 people were killed on the road"),
        ("en", "The 12th killed this year"),
        ("en", "A boy aged 12 killed in crash"),
        ("en", "Crash that killed 10 from US"),
        ("en", "10 of the dead were children"),
        ("fr", "Parmi eux, 10 des morts étaient des enfants"),
        ("ar", "مقتل 12 من عناصر الشرطة"),
        ("fr", "Le garçon âgé de 12 tué hier"),
        ("fr", "Un homme tué, 12 ans après"),
        ("fr", "L’an dernier, 120 personnes ont été tuées"),
        ("pt", "No dia 12 morreram as esperanças"),
        ("es", "Tiene 12 años y herida leve"),
        ("ru", "12 мая погибли надежды"),
        ("de", "Am 12. Mai getötet"),
        ("de", "26.000 tote Tiere gefunden"),
        ("de", "Seit dem Jahr 2000 gestorben sind viele"),
        ("de", "Mehrere tausend Menschen getötet"),
        ("ar", "في 12 مايو مقتل رجل"),
        ("zh", "地震造成12人死亡"),
    ],
)
def test_what_is_no_figure_of_the_happening_is_left(language: str, text: str) -> None:
    assert found(text, language, 2026) == []


def said(report: str, text: str, language: str, *, is_title: bool = False) -> list[Said]:
    return [Said(report, one, text, is_title=is_title) for one in find_figures(text, language)]


def test_only_what_two_reports_count_differently_is_given() -> None:
    reports = [
        said("a", "12 people killed, 30 injured", "en"),
        said("b", "Quinze morts, trente blessés", "fr"),
        said("c", "Mindestens 15 Tote", "de"),
    ]
    ((key, sayings),) = compare_figures(reports)
    assert key == ("killed", "people", "")
    assert [(one.report, one.figure.value, one.figure.bound) for one in sayings] == [
        ("a", 12.0, ""),
        ("b", 15.0, ""),
        ("c", 15.0, "least"),
    ]


def test_a_headline_speaks_for_its_report_and_a_text_with_two_figures_for_nobody() -> None:
    titled = [*said("a", "15 killed", "en", is_title=True), *said("a", "12 people died", "en")]
    torn = [*said("b", "9 people died here", "en"), *said("b", "4 people died there", "en")]
    plain = said("c", "12 people died", "en")
    ((_, sayings),) = compare_figures([titled, torn, plain])
    assert [(one.report, one.figure.value) for one in sayings] == [("a", 15.0), ("c", 12.0)]


def test_children_are_not_counted_against_everybody_nor_euros_against_dollars() -> None:
    assert not compare_figures([said("a", "3 children killed", "en"), said("b", "12 killed", "en")])
    sums = ["The firm was fined 3 million euros", "The firm was fined 4 million dollars"]
    assert not compare_figures([said(str(i), text, "en") for i, text in enumerate(sums)])
