"""Languages: codes, names and directions."""

import pytest

from dragoman import languages
from dragoman.errors import UnknownLanguage


def test_it_spells_codes_as_in_bcp_47() -> None:
    assert languages.normalise("pt_br") == "pt-BR"
    assert languages.normalise(" AR ") == "ar"
    assert languages.normalise("") == "und"


def test_it_names_a_code_that_is_none() -> None:
    with pytest.raises(UnknownLanguage, match="'klingon'"):
        languages.normalise("klingon")


def test_it_knows_which_languages_run_right_to_left() -> None:
    assert [languages.direction(code) for code in ("ar", "he", "fa", "en", "zh", "und")] == [
        "rtl",
        "rtl",
        "rtl",
        "ltr",
        "ltr",
        "ltr",
    ]


def test_a_language_names_itself_in_its_own_words() -> None:
    assert [languages.autonym(code) for code in ("en", "fr", "pt", "ar")] == [
        "English",
        "Français",
        "Português",
        "العربية",
    ]


def test_it_names_languages_and_countries_in_others() -> None:
    assert languages.name_of("ar", "fr") == "arabe"
    assert languages.country_name("LB", "es") == "Líbano"
    assert languages.country_name("XQ", "es") == "XQ"
