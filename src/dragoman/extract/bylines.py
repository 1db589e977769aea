"""Who wrote it: people, without "By" and job titles; agencies and desks apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dragoman.extract.flow import Flow, Run, make_key
from dragoman.extract.jsonld import Statement, text_of, texts_of, types_of
from dragoman.sanitize import clean_text

if TYPE_CHECKING:
    from dragoman.extract.metadata import Metas

_BY = re.compile(
    r"^\W*(?:(?:written|posted|published|reported|story|text|words)\s+)?(?:by|von|par|por|de|"
    r"di|da|od|av|af|door|oleh|автор|autor(?:in)?|auteur|author|text|tekst|"
    r"texte)\b\s*[:：]?\s+",
    re.I,
)
_SPLIT = re.compile(
    r"\s*(?:[;|/•·、，]|,(?!\s*(?:Jr|Sr|II|III|M\.?D|Ph\.?D)\b)|\s(?:and|und|et|y|e|og|och|en|"
    r"ja|i|и|та|ve|dan|&|with|mit|avec|con|com)\s|\s[–—-]\s)\s*",
    re.I,
)
_JOB = re.compile(
    r"\b(?:reporter|correspondent|editor|journalist|writer|columnist|staff|producer|"
    r"contributor|chief|desk|bureau|redakt\w*|redaktion|"
    r"korrespondent\w*|journaliste?|rédact\w*|correspondante?|redactor\w*|periodista|"
    r"corresponsal|repórter|editora?|colunista|"
    r"giornalista|inviato|redacci[oó]n|redação|redazione|rédaction|newsroom|team|ag[eêé]nc\w*|"
    r"agentur\w*|news|media|press|online|"
    r"zeitung|nachrichten|tagblatt|magazin|office|service|network|wire|tv|radio)\b",
    re.I,
)
_AGENCIES = frozenset(
    make_key(name)
    for name in (
        "AP", "The Associated Press", "Associated Press", "AFP", "Agence France-Presse",
        "Reuters", "dpa", "APA", "ANSA", "EFE", "Agencia EFE",
        "EPA", "PA", "PA Media", "Press Association", "AAP", "Bloomberg", "Bloomberg News",
        "TASS", "ТАСС", "РИА Новости", "Xinhua", "Kyodo", "Kyodo News",
        "Yonhap", "PTI", "ANI", "IANS", "UPI", "NTB", "TT", "Ritzau", "STT", "Belga", "Lusa",
        "PAP", "ČTK", "MTI", "SDA", "Keystone-SDA", "KNA", "epd", "AA", "Anadolu",
        "Europa Press", "Canadian Press", "The Canadian Press", "CNN", "sid", "AFX", "dpa-AFX",
        "ddp", "ANP", "Interfax", "Укрінформ", "УНІАН", "Antara", "DHA", "İHA",
    )
)  # fmt: skip
_NO_NAME = re.compile(
    r"https?:|www\.|@\S+\.\w|\d|[()\[\]:：]|^(?:admin|administrator|author|guest|unknown|null|none|"
    r"n/a|user)$",
    re.I,
)
_BYLINE_NAMES = re.compile(
    r"(?:^|[\W_])(?:by-?line\w*|authors?|author-?names?|writers?|contributors?|autor(?:en|es|"
    r"in)?|auteurs?|autore|author__\w+|c-byline\w*)(?:$|[\W_])"
)


def _names_of(value: Any) -> list[tuple[str, bool]]:
    """Give names with whether they are an organisation's."""
    values = value if isinstance(value, list) else [value]
    found = []
    for entry in values:
        if isinstance(entry, list):
            found += _names_of(entry)
            continue
        name = text_of(entry)
        is_group = isinstance(entry, dict) and bool(
            {"Organization", "NewsMediaOrganization", "Corporation"} & set(types_of(entry))
        )
        if name:
            found.append((name, is_group))
    return found


def clean_name(raw: str) -> str:
    """Give a name without "By", job title, address and brackets; empty where it is none."""
    name = _BY.sub("", clean_text(raw)).strip(" \u00a0,;:|-–—•·*")
    name = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", name)
    if _NO_NAME.search(name) or not 2 <= len(name) <= 60 or len(name.split()) > 7:
        return ""
    if name.isupper() and len(name.split()) > 1:
        name = name.title()
    return name


def split_names(raw: str) -> list[str]:
    """Part a byline into names; job titles after a comma go."""
    if "://" in raw or raw.startswith("www."):
        return []
    pieces = [clean_name(piece) for piece in _SPLIT.split(_BY.sub("", clean_text(raw)))]
    names = [piece for piece in pieces if piece]
    if len(names) > 1:
        kept = [name for name in names if not _JOB.search(name) or make_key(name) in _AGENCIES]
        names = kept or names[:1]
    return names


def is_agency(name: str, own: frozenset[str]) -> bool:
    """Whether a name is an agency's, a desk's or the publication's own."""
    key = make_key(name)
    return key in _AGENCIES or key in own or bool(_JOB.search(name))


def _shown(flow: Flow, heading: Run | None, body: list[Run]) -> list[str]:
    if heading is None:
        return []
    last = body[0].index + 3 if body else heading.index + 15
    found = []
    for run in flow.runs:
        if (
            not heading.index - 4 <= run.index <= max(last, heading.index + 12)
            or len(run.text) > 120
        ):
            continue
        place = run.place
        for _ in range(3):
            if place.names and _BYLINE_NAMES.search(place.names):
                found.append(run.text)
                break
            if place.parent is None:
                break
            place = place.parent
        else:
            if _BY.match(run.text) and run.text[:2].lower() == "by":
                found.append(run.text)
    return found


_META_NAMES = (
    "author",
    "article:author",
    "parsely-author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "sailthru.author",
    "cxenseparse:author",
)


def find_authors(
    flow: Flow,
    metas: Metas,
    statement: Statement,
    site: str,
    heading: Run | None,
    body: list[Run],
    feed: tuple[str, ...],
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Find the authors: people, agencies, and where they came from."""
    stated = statement.article
    sources: list[tuple[str, list[tuple[str, bool]]]] = [
        ("json-ld", _names_of(stated.get("author")) or _names_of(stated.get("creator"))),
        ("meta", [(name, False) for name in metas.all(*_META_NAMES)]),
        ("byline", [(text, False) for text in _shown(flow, heading, body)]),
        ("feed", [(name, False) for name in feed]),
    ]
    own = frozenset(
        key for key in (make_key(site), *map(make_key, texts_of(stated.get("publisher")))) if key
    )
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for origin, raw in sources:
        people: dict[str, str] = {}
        groups: dict[str, str] = {}
        for text, is_group in raw:
            for name in [clean_name(text)] if is_group else split_names(text):
                if name:
                    target = groups if is_group or is_agency(name, own) else people
                    target.setdefault(make_key(name), name)
        if people:
            return tuple(people.values()), tuple(groups.values()), origin
        if groups and not fallback[0]:
            fallback = (tuple(groups.values()), origin)
    return (), fallback[0], fallback[1]
