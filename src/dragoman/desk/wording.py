"""What the desk says, in the language of whoever asks.

Messages stand in ``locales/`` beside those of the public site, which the desk shares. The
language goes with the request: what a page or an action says is said in it.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.publish.wording import Wording

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALES = Path(__file__).parent / "locales"
DEFAULT = "en"
LANGUAGES = (DEFAULT, *sorted(file.stem for file in LOCALES.glob("*.po")))

_spoken: ContextVar[str] = ContextVar("spoken", default=DEFAULT)


class DeskWording(Wording):
    """The words of the desk in one language, then those of the site."""

    def __init__(self, language: str) -> None:
        from babel.messages.catalog import Catalog

        super().__init__(language)
        both = Catalog(locale=self._catalogue.locale)
        for message in (*self._catalogue, *_read(language)):
            if message.id:
                both[message.id] = message
        self._catalogue = both


@lru_cache(maxsize=16)
def _read(language: str) -> Catalog:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    file = LOCALES / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language)


@lru_cache(maxsize=16)
def words_of(language: str) -> DeskWording:
    """Give the words of a language of the desk."""
    return DeskWording(language)


def speak(accepted: str, chosen: str = "") -> str:
    """Speak from here on as a request asks; give the language.

    ``chosen`` is what somebody chose, ``accepted`` their browser's ``Accept-Language``.
    """
    language = chosen if chosen in LANGUAGES else languages.choose(accepted, LANGUAGES) or DEFAULT
    _spoken.set(language)
    return language


def spoken() -> str:
    """Give the language that is spoken."""
    return _spoken.get()


def say(message: str, /, **values: object) -> str:
    """Say a message, with values by name: ``say("Only %(free)s MB", free=3)``."""
    text = words_of(spoken()).gettext(message)
    return text % values if values else text


def say_count(singular: str, plural: str, number: int) -> str:
    """Say a message for a number, which stands in it as ``%(num)s``."""
    words = words_of(spoken())
    return words.ngettext(singular, plural, number) % {"num": words.number(number)}


def told(message: str) -> str:
    """Mark a message that is said where it is shown, so that catalogues have it."""
    return message
