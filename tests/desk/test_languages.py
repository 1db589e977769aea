"""The desk speaks the languages of the interface, all of it."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import dragoman.desk
from dragoman.desk.wording import LOCALES
from dragoman.languages import INTERFACE
from dragoman.publish.wording import read_catalogue
from tests.desk.conftest import TestDesk

DESK = Path(dragoman.desk.__file__).parent
KEYWORDS = {
    "_": None,
    "say": None,
    "told": None,
    "Board": None,
    "ngettext": (1, 2),
    "say_count": (1, 2),
}
Message = str | tuple[str, ...]


def messages() -> Iterator[Message]:
    for file in sorted(DESK.rglob("*.html")) + sorted(DESK.glob("*.py")):
        method = "python" if file.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if file.suffix == ".py" else {"trimmed": "true"}
        for _, message, _, _ in extract(
            method, BytesIO(file.read_bytes()), keywords=KEYWORDS, options=options
        ):
            if message and message != "/":
                yield message if isinstance(message, str) else tuple(message)


def id_of(message: Message) -> str:
    return message if isinstance(message, str) else message[0]


def catalogue(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as stream:
        return read_po(stream, locale=language)


@pytest.mark.parametrize("language", [code for code in INTERFACE if code != "en"])
def test_every_message_of_the_desk_is_in_every_language(language: str) -> None:
    desk, site = catalogue(language), read_catalogue(language)
    for message in messages():
        found = desk.get(id_of(message)) or site.get(id_of(message))
        assert found is not None and found.string, f"{language} lacks {id_of(message)!r}"
        forms = (found.string,) if isinstance(found.string, str) else tuple(map(str, found.string))
        assert all(forms), f"{language} lacks a form of {id_of(message)!r}"
        wanted = set(
            re.findall(r"%\(\w+\)s", " ".join((message,) if isinstance(message, str) else message))
        )
        for form in forms:
            named = set(re.findall(r"%\(\w+\)s", form))
            assert named <= wanted, f"{language}: {form!r} names a value that is not there"
        assert {name for form in forms for name in re.findall(r"%\(\w+\)s", form)} == wanted
        assert form.count("`") == id_of(message).count("`"), f"{language}: {form!r}"


@pytest.mark.parametrize("language", [code for code in INTERFACE if code != "en"])
def test_no_catalogue_of_the_desk_holds_what_nobody_says(language: str) -> None:
    said = {id_of(message) for message in messages()}
    kept = {
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in catalogue(language)
    }
    assert kept - {""} <= said


def test_a_browser_that_prefers_arabic_reads_the_desk_from_right_to_left(desk: TestDesk) -> None:
    reader = desk.as_("reader").client
    page = reader.get("/", headers={"accept-language": "xx, ar;q=0.9, en;q=0.5"}).text
    assert '<html lang="ar" dir="rtl">' in page


def test_a_language_that_was_chosen_stays_chosen(desk: TestDesk) -> None:
    reader = desk.as_("reader").client
    assert '<html lang="fr"' in reader.get("/me?desk-language=fr").text
    assert '<html lang="fr"' in reader.get("/", headers={"accept-language": "de"}).text
    assert '<html lang="fr"' in reader.get("/me?desk-language=tlh").text  # no language of the desk


@pytest.mark.parametrize("language", [code for code in INTERFACE if code != "en"])
def test_a_page_of_the_desk_is_said_in_the_language_asked_for(
    desk: TestDesk, language: str
) -> None:
    page = desk.as_("reader").client.get(f"/?desk-language={language}").text
    for own in ("Failures", "The last 24 hours"):
        assert f">{catalogue(language)[own].string}<" in page
        assert f">{own}<" not in page


def test_a_template_trusts_no_message_but_its_own_words() -> None:
    for file in sorted(DESK.rglob("*.html")):
        for call in re.findall(r"(?<![\w.])(?:_|n?gettext)\(\s*([^\s])", file.read_text("utf-8")):
            assert call == '"', f"{file.name}: a value is said as if we had written it"
