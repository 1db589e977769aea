"""The interface speaks every language completely, and formats as CLDR says."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from dragoman import languages, publish
from dragoman.publish.wording import catalogue_file, read_catalogue, wording
from dragoman.types import Moment, Precision

PACKAGE = Path(publish.__file__).parents[1]
KEYWORDS = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]

FIELD = re.compile(r"%\((\w+)\)s")


def used_messages() -> set[str]:
    """Collect what templates and code say: of a plural, its singular."""
    found = set()
    for folder in ("publish", "web"):
        rows = extract_from_dir(PACKAGE / folder, method_map=METHODS, keywords=KEYWORDS)
        found |= {m[0] if isinstance(m, tuple) else m for _, _, m, _, _ in rows}
    return found


@pytest.mark.parametrize("language", languages.INTERFACE)
def test_no_message_is_missing_and_none_is_unused(language: str) -> None:
    assert catalogue_file(language).exists()
    used = used_messages()
    assert len(used) > 100
    known = {m.id[0] if isinstance(m.id, tuple) else m.id for m in read_catalogue(language)} - {""}
    assert used - known == set()
    assert known - used == set()


@pytest.mark.parametrize("language", languages.INTERFACE)
def test_every_message_is_translated_in_all_its_forms(language: str) -> None:
    catalogue = read_catalogue(language)
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        assert all(forms), message.id
        assert not message.fuzzy
        expected = catalogue.num_plurals if isinstance(message.id, tuple) else 1
        assert len(forms) == expected
        for form in forms:
            assert set(FIELD.findall(str(form))) <= set(FIELD.findall(str(ids[-1]))), message.id
        assert set(FIELD.findall(str(forms[-1]))) == set(FIELD.findall(str(ids[-1]))), message.id


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        ("en", 1, "1 report"), ("en", 0, "0 reports"), ("fr", 0, "0 article"),
        ("pt", 2, "2 artigos"), ("es", 1_000_000, "1.000.000 artículos"), ("ar", 0, "لا تقارير"),
        ("ar", 1, "تقرير واحد"), ("ar", 2, "تقريران"), ("ar", 7, "7 تقارير"),
        ("ar", 14, "14 تقريرًا"), ("ar", 100, "100 تقرير"),
        ("ru", 1, "1 сообщение"), ("ru", 3, "3 сообщения"), ("ru", 11, "11 сообщений"),
        ("ru", 21, "21 сообщение"), ("ru", 0, "0 сообщений"), ("de", 1, "1 Bericht"),
        ("de", 1200, "1.200 Berichte"),
    ],
)  # fmt: skip
def test_plurals_follow_the_language(language: str, number: int, expected: str) -> None:
    words = wording(language)
    form = words.ngettext("%(num)s report", "%(num)s reports", number)
    assert form % {"num": words.number(number)} == expected


AT = datetime(2021, 12, 22, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (Moment(AT, Precision.YEAR), "2021"),
        (Moment(AT, Precision.MONTH), "dezembro de 2021"),
        (Moment(AT, Precision.DAY), "22 de dezembro de 2021"),
        (Moment(AT, Precision.MINUTE), "22 de dezembro de 2021 14:05 UTC"),
        (Moment(AT, Precision.SECOND, is_zone_known=False), "22 de dezembro de 2021 14:05"),
    ],
)
def test_a_moment_is_written_as_exactly_as_it_is_known(moment: Moment, expected: str) -> None:
    assert wording("pt").moment(moment) == expected


def test_names_come_in_the_language_of_the_edition() -> None:
    words = wording("fr")
    assert words.name("ar") == "arabe"
    assert words.title("ar") == "Arabe"
    assert words.country("TN") == "Tunisie"
    assert words.country("") == "pays non indiqué"
    assert words.name("und") == "langue inconnue"
    assert words.join(["a", "b", "c"]) == "a, b et c"


def test_an_edition_without_a_catalogue_speaks_english_with_its_own_dates() -> None:
    words = wording("nl")
    assert words.gettext("Front page") == "Front page"
    assert words.moment(Moment(AT, Precision.DAY)) == "22 december 2021"
