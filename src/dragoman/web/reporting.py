"""Reports of bad translations: the form, and what is sent with it.

No cookie says who a reader is, so there is nothing that another site could borrow; a form
that was sent from elsewhere is refused all the same, for it would spend that reader's share.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from dragoman import publish
from dragoman.publish.correcting import Choice, Given, ReportView
from dragoman.publish.views import Row
from dragoman.sanitize import clean_text
from dragoman.store import articles, reports
from dragoman.store.reports import Report
from dragoman.types import Article, ReportKind, Translation, TranslationStatus, Verdict
from dragoman.web.answers import Answer, Visit, give_page, redirect
from dragoman.web.reading import ask
from dragoman.web.shelf import Shelf, fill_shelf, find_headline, shown_rows
from dragoman.web.views import describe_site, make_frame

if TYPE_CHECKING:
    from dragoman.store import Store
    from dragoman.web.settings import SiteSettings

LARGEST = 16_384  # bytes of a form
LONGEST = 2_000  # characters of a field
AROUND = 3  # sentences shown before and after the one that a link names
_KINDS = frozenset(kind.value for kind in ReportKind)
_STATUS = {"": 200, "many": 429, "origin": 403, "size": 413}

# Browsers say where a form comes from only if the page lets them name itself to its own site.
_OPEN = (("referrer-policy", "same-origin"),)


@dataclass(frozen=True, slots=True)
class Subject:
    """What can be reported: a translation that is shown, and the sentences of it that are."""

    article: Article
    translation: Translation
    shelf: Shelf
    choices: tuple[Choice, ...]


def complaint_path(settings: SiteSettings, language: str, article: str) -> str:
    """Give where a bad translation is reported: the form, the contact, or nowhere."""
    if settings.takes_reports and not settings.is_static:
        return f"/{language}/article/{article}/report/"
    return describe_site(settings).contact


def show_form(visit: Visit, id: str) -> Answer | None:
    """Give the form, with a sentence picked already where the address names one."""
    subject = _find_subject(visit.db, visit.settings, visit.language, id)
    if subject is None:
        return None
    if ask(visit.query, "sent") is not None:
        return _give(visit, subject, Given(), is_sent=True)
    (segment,) = (ask(visit.query, "segment") or [""])[:1]
    known = {choice.segment for choice in subject.choices}
    return _give(visit, subject, Given(segment=segment if segment in known else ""))


def receive(visit: Visit, id: str, body: bytes, address: str) -> Answer | None:
    """Take a report in and lead on to a page of thanks; else give the form back with a reason.

    None where nothing can be reported under this address.
    """
    subject = _find_subject(visit.db, visit.settings, visit.language, id)
    if subject is None:
        return None
    if not is_from_here(visit.settings.base_url, visit.headers):
        return _give(visit, subject, Given(), problem="origin")
    fields = _read_fields(body, visit.headers)
    given = Given(
        segment=fields.get("segment", ""),
        kind=fields.get("kind", ""),
        words=clean_text(fields.get("words", ""), is_block=True),
        suggestion=clean_text(fields.get("suggestion", "")),
    )
    sent = redirect(f"/{visit.language}/article/{id}/report/?sent=1", status=303)
    if fields.get("website"):  # which people do not see
        return sent
    chosen = {choice.segment: choice for choice in subject.choices}
    if problem := _find_problem(given, frozenset(chosen)):
        return _give(visit, subject, given, problem=problem)
    choice = chosen.get(given.segment, Choice("", "", ""))
    report = Report(
        article=id,
        into=visit.language,
        kind=ReportKind(given.kind),
        segment=given.segment,
        words=given.words,
        suggestion=given.suggestion,
        source=choice.source,
        shown=choice.text,
    )
    if not reports.take_report(visit.db, report, address, datetime.now(UTC)):
        return _give(visit, subject, given, problem="many")
    return sent


def is_from_here(base_url: str, headers: Mapping[str, str]) -> bool:
    """Whether a form was sent from a page of this site, as far as the browser says."""
    site = headers.get("sec-fetch-site", "")
    if site:
        return site == "same-origin"
    origin = headers.get("origin")
    if origin is None:  # no browser of these years
        return True
    here = {urlsplit(base_url).netloc, headers.get("host", "")} - {""}
    return urlsplit(origin).netloc in here


def find_address(peer: str, headers: Mapping[str, str], trusted: tuple[str, ...]) -> str:
    """Give the address that asks: the peer's, or what the last trusted proxy says of it."""
    networks = [ipaddress.ip_network(one) for one in trusted]
    heard = [part.strip() for part in headers.get("x-forwarded-for", "").split(",")]
    address = peer
    for before in reversed(heard):
        if not before or not _is_in(address, networks):
            break
        address = before
    return address


def _is_in(address: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if found.version == 6 and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in networks)


def _read_fields(body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10
        )
    except ValueError:
        return {}
    return dict(pairs)


def _find_problem(given: Given, known: frozenset[str]) -> str:
    if given.kind not in _KINDS:
        return "kind"
    if given.segment and given.segment not in known:
        return "segment"
    if max(len(given.words), len(given.suggestion)) > LONGEST:
        return "size"
    return ""


def _find_subject(db: Store, settings: SiteSettings, language: str, id: str) -> Subject | None:
    """Find what the page of an article shows of a translation; None where it shows none."""
    article = articles.article(db, id) if settings.takes_reports else None
    if article is None or settings.is_static:
        return None
    shelf = fill_shelf(db, language, [article])
    translation = shelf.translations.get(id)
    if translation is None or translation.status is not TranslationStatus.DONE:
        return None
    rows = shown_rows(shelf.paired(article), translation, shelf.publisher(article).rights)
    return Subject(article, translation, shelf, _list_choices(translation, rows))


def _list_choices(translation: Translation, rows: tuple[Row, ...]) -> tuple[Choice, ...]:
    shown = shown_segments(rows)
    return tuple(
        Choice(
            one.segment.id,
            one.segment.text if one.verdict is Verdict.HOLD or not one.target else one.target,
            one.segment.text,
            is_title=one.segment.block == -1,
        )
        for one in translation.segments
        if one.segment.block == -1 or one.segment.id in shown
    )


def shown_segments(rows: tuple[Row, ...]) -> frozenset[str]:
    """Name the segments that rows show, which a source's rights may have cut."""
    pieces = (piece for row in rows for piece in row.source)
    return frozenset(one.segment for piece in pieces for one in piece.sentences)


def _give(
    visit: Visit,
    subject: Subject,
    given: Given,
    *,
    problem: str = "",
    is_sent: bool = False,
) -> Answer:
    id = subject.article.id
    frame = make_frame(visit.settings, visit.language, f"article/{id}/report/", feeds=None)
    choices = _near(subject.choices, given.segment) if not problem else subject.choices
    view = ReportView(
        frame=replace(frame, is_everywhere=False, is_indexable=False, written_in=()),
        article=id,
        headline=find_headline(subject.shelf, subject.article),
        language=subject.article.language,
        choices=choices,
        given=given,
        is_part=len(choices) < len(subject.choices),
        problem=problem,
        is_sent=is_sent,
    )
    status = _STATUS.get(problem, 422)
    return give_page(publish.render_report(view), view.frame, status=status, extra=_OPEN)


def _near(choices: tuple[Choice, ...], segment: str) -> tuple[Choice, ...]:
    """Give a sentence with its neighbours, all where none is named."""
    places = [at for at, choice in enumerate(choices) if choice.segment == segment]
    if not segment or not places:
        return choices
    return choices[max(0, places[0] - AROUND) : places[0] + AROUND + 1]
