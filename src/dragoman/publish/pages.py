"""Render the public pages: a view in, HTML out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from dragoman import languages
from dragoman.publish.charts import draw_bar, share_out
from dragoman.publish.correcting import KINDS, CorrectionsView, ReportView
from dragoman.publish.facts import StoryView, name_difference, write_amount
from dragoman.publish.headings import name_section
from dragoman.publish.prose import write_piece, write_text
from dragoman.publish.provenance import iso, linked_data, modified_at, source_type
from dragoman.publish.reasons import explain_checks, explain_state, find_command
from dragoman.publish.rows import first_segment
from dragoman.publish.search import SearchView, SeekView
from dragoman.publish.views import (
    AboutView,
    ArticleView,
    ChooserView,
    ContactView,
    ErrorView,
    Frame,
    FrontView,
    ReadingView,
    SourceView,
)
from dragoman.publish.wording import FALLBACK, Wording, wording
from dragoman.sanitize import clean_url
from dragoman.types import Moment, Precision

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment
    from jinja2.bccache import Bucket

TEMPLATES = Path(__file__).parent / "templates"

_PRECISIONS = {10: Precision.DAY, 7: Precision.MONTH, 4: Precision.YEAR}  # by their length


def render_front(view: FrontView) -> str:
    """Render the front page of an edition."""
    return _render("front.html", view.frame.language, view)


def render_story(view: StoryView) -> str:
    """Render the page of a story."""
    return _render("story.html", view.frame.language, view)


def render_article(view: ArticleView) -> str:
    """Render the page of an article."""
    return _render("article.html", view.frame.language, view)


def render_source(view: SourceView) -> str:
    """Render the page of a source."""
    return _render("source.html", view.frame.language, view)


def render_about(view: AboutView) -> str:
    """Render the page that says how the site works."""
    return _render("about.html", view.frame.language, view)


def render_contact(view: ContactView) -> str:
    """Render the page that says whom to write to."""
    return _render("contact.html", view.frame.language, view)


def render_reading(view: ReadingView) -> str:
    """Render the choice of languages that stay original."""
    return _render("reading.html", view.frame.language, view)


def render_report(view: ReportView) -> str:
    """Render the page on which a bad translation is reported."""
    return _render("report.html", view.frame.language, view)


def render_corrections(view: CorrectionsView) -> str:
    """Render the log of corrections."""
    return _render("corrections.html", view.frame.language, view)


def render_search(view: SearchView) -> str:
    """Render a search and what it found."""
    return _render("search.html", view.frame.language, view)


def render_seek(view: SeekView) -> str:
    """Render the search page of an exported site."""
    return _render("seek.html", view.frame.language, view)


def render_error(view: ErrorView) -> str:
    """Render a page for what is not there."""
    return _render("error.html", view.frame.language, view)


def render_chooser(view: ChooserView) -> str:
    """Render the list of editions."""
    return _render("chooser.html", view.site.editions[0], view)


def _render(template: str, language: str, view: object) -> str:
    return _environment(language).get_template(template).render(view=view)


@lru_cache(maxsize=1)
def _compiled() -> BytecodeCache:
    """Make the store of compiled templates, which all languages share."""
    from jinja2 import BytecodeCache

    class Compiled(BytecodeCache):
        """Compiled templates, for as long as the process lives."""

        def __init__(self) -> None:
            self._known: dict[str, bytes] = {}

        def load_bytecode(self, bucket: Bucket) -> None:
            if bucket.key in self._known:
                bucket.bytecode_from_string(self._known[bucket.key])

        def dump_bytecode(self, bucket: Bucket) -> None:
            self._known[bucket.key] = bucket.bytecode_to_string()

    return Compiled()


@lru_cache(maxsize=32)
def _environment(language: str) -> Environment:
    """Make the template environment of a language, once per process."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    words = wording(language)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    environment.globals.update(
        _=partial(_say, words),
        ngettext=partial(_count, words),
        bdi=Markup("<bdi>{}</bdi>").format,
        w=words,
        autonym=languages.autonym,
        direction=languages.direction,
        locale_of=_open_graph_locale,
        draw_bar=draw_bar,
        share_out=share_out,
        explain_checks=lambda note: explain_checks(note, words),
        explain_state=lambda view: explain_state(view, words),
        find_command=find_command,
        first_segment=first_segment,
        linked_data=linked_data,
        modified_at=modified_at,
        name_difference=lambda one: name_difference(one, words),
        report_kinds=KINDS,
        source_type=source_type,
        write_amount=lambda saying, unit: write_amount(saying, unit, words),
        write_piece=write_piece,
        write_text=write_text,
        robots=_robots,
        section_name=lambda section: name_section(section, words),
        foreign=_foreign,
        note_day=partial(_note_day, words),
        no_note=lambda day: Markup(""),
    )
    environment.filters.update(url=clean_url, iso=iso)
    return environment


def _say(words: Wording, message: str, /, **values: object) -> Markup:
    """Give a message with values put in by name: the message is ours, the values are escaped."""
    if not values:
        return _say_plainly(words, message)
    return Markup(words.gettext(message)) % values  # noqa: S704 - our catalogues are no input


@lru_cache(maxsize=4096)  # most of what a page says is the same on all of them
def _say_plainly(words: Wording, message: str) -> Markup:
    return Markup(words.gettext(message)) % {}  # noqa: S704 - as above


@lru_cache(maxsize=4096)
def _count(words: Wording, singular: str, plural: str, number: int, /) -> Markup:
    """Give a message for a number, which stands in it as ``%(num)s``."""
    message = Markup(words.ngettext(singular, plural, number))  # noqa: S704 - as above
    return message % {"num": words.number(number)}


def _note_day(words: Wording, day: str) -> Markup:
    """Say which day or month a relative one is, in brackets as an editor's insertion would stand.

    A week has no name that readers use: it is left to what machines read.
    """
    precision = _PRECISIONS.get(len(day))
    if precision is None or "W" in day:
        return Markup("")
    try:
        at = datetime.fromisoformat(f"{day}-01-01"[:10]).replace(tzinfo=UTC)
    except ValueError:
        return Markup("")
    note = Markup(' <small class="day" lang="{}" title="{}">[<bdi>{}</bdi>]</small>')
    whole = words.date(at) if precision is Precision.DAY else words.moment(Moment(at, precision))
    return note.format(words.language, whole, words.moment(Moment(at, precision), is_short=True))


def _robots(frame: Frame) -> str:
    rules = [] if frame.is_indexable else ["noindex"]
    rules += [] if frame.is_archivable else ["noarchive"]
    return ", ".join(rules)


@lru_cache(maxsize=2048)
def _foreign(code: str, around: str) -> Markup:
    """Give the attributes of a part in another language than what surrounds it."""
    if languages.is_same(code, around):
        return Markup("")
    attributes = Markup(' lang="{}"').format(code)
    if languages.direction(code) != languages.direction(around):
        attributes += Markup(' dir="{}"').format(languages.direction(code))
    return attributes


@lru_cache(maxsize=64)
def _open_graph_locale(language: str) -> str:
    """Give a language as OpenGraph wants it: with its most likely country (``pt_BR``)."""
    from babel.core import get_global

    likely = get_global("likely_subtags").get(languages.base(language), "")
    country = likely.rpartition("_")[2] or FALLBACK.upper()
    return f"{languages.base(language)}_{country}"
