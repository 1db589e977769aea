"""Render the desk's pages: a template and its values in, HTML out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from dragoman import languages
from dragoman.desk import charts
from dragoman.desk.wording import LANGUAGES, say, say_count, spoken, told, words_of
from dragoman.publish.wording import Wording
from dragoman.sanitize import clean_url
from dragoman.types import UNKNOWN_LANGUAGE

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def static_files() -> dict[str, tuple[bytes, str]]:
    """Give the files that pages load, by address: bytes and media type."""
    sheet = files("dragoman.desk").joinpath("static", "desk.css").read_bytes()
    icon = files("dragoman.publish").joinpath("static", "icon.svg").read_bytes()
    mark = sha256(sheet).hexdigest()[:10]
    return {
        f"/static/desk.{mark}.css": (sheet, "text/css; charset=utf-8"),
        "/static/icon.svg": (icon, "image/svg+xml"),
    }


def render(template: str, values: Mapping[str, Any]) -> str:
    """Render a template of the desk."""
    return _environment(spoken()).get_template(template).render(values)


@lru_cache(maxsize=16)
def _environment(language: str) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    words = words_of(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        _=partial(_say, words),
        ngettext=partial(_count, words),
        w=words,
        style=next(path for path in static_files() if path.endswith(".css")),
        draw_parts=charts.draw_parts,
        draw_columns=charts.draw_columns,
        arrow="←" if words.direction == "rtl" else "→",
        languages_spoken=[(code, languages.name_of(code, code)) for code in LANGUAGES],
    )
    environment.filters.update(
        url=clean_url,
        said=lambda message: words.gettext(str(message)),  # what is no literal of a template
        num=words.number,
        when=write_time,
        iso=lambda at: at.isoformat(timespec="seconds") if at else "",
        commands=mark_commands,
        language=partial(_name_language, words),
        direction=languages.direction,
    )
    return environment


def _say(words: Wording, message: str, /, **values: object) -> Markup:
    """Give a message with values put in by name: the message is ours, the values are escaped."""
    return Markup(words.gettext(message)) % values  # noqa: S704 - our templates are no input


def _count(words: Wording, singular: str, plural: str, number: int, /) -> Markup:
    """Give a message for a number, which stands in it as ``%(num)s``."""
    message = Markup(words.ngettext(singular, plural, number))  # noqa: S704 - as above
    return message % {"num": words.number(number)}


def _name_language(words: Wording, code: str) -> str:
    return (
        words.gettext(told("not stated")) if code in ("", UNKNOWN_LANGUAGE) else words.title(code)
    )


def mark_commands(text: str) -> Markup:
    """Show as code what stands between backticks in a message."""
    pieces = str(text).split("`")
    if len(pieces) % 2 == 0:
        return Markup("{}").format(text)
    code = Markup("<code>{}</code>").format
    shown = [code(piece) if index % 2 else piece for index, piece in enumerate(pieces)]
    return Markup("").join(shown)


def write_time(at: datetime | None) -> str:
    """Write a moment for a table, in UTC."""
    return f"{at:%Y-%m-%d %H:%M}" if at else "–"


def describe_wait(seconds: float) -> str:
    """Say how long something lasts, roughly: ``3 h``, ``2 days``."""
    minutes = max(0, round(seconds / 60))
    if minutes < 1:
        return say("under a minute")
    if minutes < 90:
        return say("%(num)s min", num=minutes)
    hours = round(minutes / 60)
    if hours < 48:
        return say("%(num)s h", num=hours)
    return say_count("%(num)s day", "%(num)s days", round(hours / 24))
