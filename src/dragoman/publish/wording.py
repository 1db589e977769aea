"""The words of the interface in one language: messages, plurals, dates, numbers, names.

Messages come from the gettext catalogues in ``locales/``, read as text once per process, so
that no compiled file needs to be kept in step. Everything else comes from CLDR.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman import languages
from dragoman.types import UNKNOWN_LANGUAGE, Moment, Precision

if TYPE_CHECKING:
    from babel import Locale
    from babel.messages.catalog import Catalog

LOCALES = Path(__file__).parent / "locales"
FALLBACK = "en"

Day = date  # where a method has its name

_COMMAS = {"ar": "، ", "fa": "، ", "ur": "، ", "ja": "、", "zh": "、"}
_SKELETONS = {Precision.YEAR: "y", Precision.MONTH: "yMMMM"}


def catalogue_file(language: str) -> Path:
    """Give the path of a language's catalogue, whether it exists or not."""
    return LOCALES / f"{languages.base(language)}.po"


@lru_cache(maxsize=32)
def read_catalogue(language: str) -> Catalog:
    """Read the catalogue of a language; English where there is none."""
    from babel.messages.pofile import read_po

    file = catalogue_file(language)
    if not file.exists():
        file = catalogue_file(FALLBACK)
    with file.open("rb") as stream:
        return read_po(stream, locale=file.stem)


def _list_categories(plural: Callable[[int], str]) -> list[str]:
    """List the plural categories in the order of a catalogue's forms.

    Gettext numbers what CLDR names; CLDR's order is gettext's. Categories that integers
    hardly take are left out (Romance "many" is for millions, and catalogues lack such a form).
    """
    order = ("zero", "one", "two", "few", "many", "other")
    known = {plural(number) for number in range(200)}
    return [name for name in order if name in known]


class Wording:
    """Say things in one language; hold its catalogue."""

    def __init__(self, language: str) -> None:
        from babel import Locale

        self.language = language
        self.direction = languages.direction(language)
        self.comma = _COMMAS.get(languages.base(language), ", ")
        self._catalogue = read_catalogue(language)
        self._said: dict[str, str] = {}
        # How plurals are chosen belongs to the catalogue, how a date looks to the edition.
        self._locale: Locale = Locale.parse(language.replace("-", "_"))
        words = self._catalogue.locale or self._locale
        self._plural = words.plural_form
        self._categories = _list_categories(self._plural)

    def gettext(self, message: str) -> str:
        """Give a message in this language."""
        said = self._said.get(message)
        if said is None:
            found = self._catalogue.get(message)
            text = found.string if found else ""
            if not text or not isinstance(text, str):
                return message
            said = self._said[message] = text
        return said

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Give a message in the form that a number asks for."""
        found = self._catalogue.get(singular)
        forms = found.string if found else ""
        if not forms or isinstance(forms, str):
            return singular if number == 1 else plural
        name = self._plural(number)
        index = self._categories.index(name) if name in self._categories else len(forms) - 1
        return forms[min(index, len(forms) - 1)] or plural

    def number(self, value: float) -> str:
        """Write a number."""
        return _write_number(self._locale, value)

    def date(self, at: datetime) -> str:
        """Write a day in full: ``Wednesday, 22 December 2021``."""
        from babel.dates import format_date

        return format_date(at.astimezone(UTC), format="full", locale=self._locale)

    def calendar_day(self, day: Day) -> str:
        """Write a day of the calendar: ``22 December 2021``."""
        from babel.dates import format_date

        return format_date(day, format="long", locale=self._locale)

    def moment(self, moment: Moment, *, is_short: bool = False) -> str:
        """Write a moment as exactly as it is known, in UTC where the zone is known."""
        return _write_moment(self._locale, moment, is_short=is_short)

    def clock(self, at: datetime) -> str:
        """Write a time in UTC, short."""
        return self.moment(Moment(at, Precision.MINUTE), is_short=True)

    def day(self, at: datetime, *, is_short: bool = False) -> str:
        """Write the day of a time."""
        return self.moment(Moment(at, Precision.DAY), is_short=is_short)

    def name(self, code: str) -> str:
        """Name a language."""
        if code == UNKNOWN_LANGUAGE:
            return self.gettext("an unknown language")
        return languages.name_of(code, self.language)

    def title(self, code: str) -> str:
        """Name a language, to stand alone in a list or a table."""
        name = self.name(code)
        return name[:1].upper() + name[1:]

    def country(self, code: str) -> str:
        """Name a country."""
        if not code:
            return self.gettext("country not stated")
        return languages.country_name(code, self.language)

    def names(self, codes: Iterable[str]) -> str:
        """Name several languages."""
        return self.join([self.name(code) for code in codes])

    def join(self, items: Iterable[str]) -> str:
        """Join names as the language does: ``a, b and c``."""
        from babel.lists import format_list

        return format_list(list(items), locale=self._locale)


@lru_cache(maxsize=4096)
def _write_number(locale: Locale, value: float) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, locale=locale)


@lru_cache(maxsize=4096)  # a list writes the same few days again and again
def _write_moment(locale: Locale, moment: Moment, *, is_short: bool) -> str:
    from babel.dates import format_date, format_skeleton, format_time, get_datetime_format

    at = moment.at.astimezone(UTC)
    if moment.precision in (Precision.YEAR, Precision.MONTH):
        return format_skeleton(_SKELETONS[moment.precision], at, locale=locale)
    day = format_date(at, format="medium" if is_short else "long", locale=locale)
    if moment.precision is Precision.DAY:
        return day
    clock = format_time(at, format="short", locale=locale)
    if moment.is_zone_known:
        clock = f"{clock} UTC"
    pattern = str(get_datetime_format("medium", locale=locale))
    return pattern.replace("'", "").replace("{1}", day).replace("{0}", clock)


@lru_cache(maxsize=32)
def wording(language: str) -> Wording:
    """Give the words of a language, made once per process."""
    return Wording(language)
