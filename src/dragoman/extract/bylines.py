"""Who wrote it: people, without "By" and job titles; agencies and desks apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

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
    r"https?:|www\.|@\S+\.\w|(?<![^\W\d_])\d|\d{3}|[()\[\]:：]|^(?:admin|administrator|author|guest|unknown|null|none|"
    r"n/a|user|by|von|par|por|di|da|av|af|door|share|teilen|partager|compartir)$",
    re.I,
)
_PARTICLES = frozenset(
    ("de", "da", "do", "dos", "das", "di", "du", "van", "von", "der", "den", "ter", "el", "al",
     "bin",
     "ibn", "la", "le", "d", "af", "av", "zu", "dpa", "ten")
)  # fmt: skip
_BYLINE_NAMES = re.compile(
    r"(?:^|[\W_])(?:by-?line\w*|writers?|contributors?|autor(?:en|es|in)?|auteurs?|autore|"
    r"c-byline\w*)(?:$|[\W_])|author(?!i)"
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
    name = re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$|\s*(?:기자|특파원|記者|记者)$", "", name)
    if _NO_NAME.search(name) or not 2 <= len(name) <= 60 or len(name.split()) > 7:
        return ""
    first = name.split()[0]
    if first[0].islower() and name != first and first.strip("'’") not in _PARTICLES:
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


# A line of two to four names and nothing else, in scripts that have capitals.
_ONLY_NAMES = re.compile(
    r"^(?:[^\W\d_a-zß-öø-ÿ][\w'’.-]+|[^\W\d_a-z]\.)(?:\s(?:(?:de|da|di|van|von|der|den|el|al|bin)\s)*"
    r"(?:[^\W\d_a-zß-öø-ÿ][\w'’.-]+|[^\W\d_a-z]\.)){1,3}$"
)
_LABELLED = re.compile(
    r"^\W*(?:autorin/autor|autor(?:in)?|author|auteure?|autore|автор|yazar|écrit par|written by)"
    r"\s*[:：]?\s+(\S.{2,60})$",
    re.I,
)
_AND = re.compile(r"\s*[/,&]\s*|\s(?:and|und|et|y|e|og|och)\s")
_PIECES = re.compile(r"\s*[|•·/]\s*|\s+[–—-]\s+")
_DATE_TAIL = re.compile(r"\s*[,|•·]?\s*(?:\d{1,2}[./]\s?\d{1,2}|\d{1,2}\.?\s+[^\W\d_]{3,}|"
                        r"[^\W\d_]{3,9}\.?\s+\d{1,2},?)[./\s]+\d{4}\b.*$")  # fmt: skip
_BELOW = 8  # runs below the headline among which a line of names is the byline
_LABEL_REACH = 40  # runs below the text among which a label names the author
_TOP = 3  # paragraphs
_COLLEAGUES = 3


def is_only_names(text: str) -> bool:
    """Whether a line is a person's name, or several, and nothing else."""
    pieces = list(filter(None, _AND.split(text)))
    return bool(pieces) and len(text) <= 80 and all(map(_ONLY_NAMES.match, pieces))


def _is_called_byline(run: Run) -> bool:
    place = run.place
    for _ in range(3):
        if place.names and _BYLINE_NAMES.search(place.names):
            return True
        if place.parent is None:
            break
        place = place.parent
    return False


def _shown(flow: Flow, heading: Run | None, body: list[Run]) -> list[str]:
    """Find the lines around the headline that say who wrote it."""
    if heading is None and not body:
        return []
    start = heading.index if heading is not None else body[0].index - _BELOW
    last = max(body[0].index + 3 if body else 0, start + 12)
    found = []
    for run in flow.runs:
        if not start - 4 <= run.index <= last or len(run.text) > 160 or run is heading:
            continue
        if len(run.text) <= 120 and _is_called_byline(run):
            found.append(_DATE_TAIL.sub("", run.text))
            continue
        if heading is not None and run.index < heading.index:
            continue
        found += [p for p in _PIECES.split(_DATE_TAIL.sub("", run.text)) if _is_byline(p)]
    return found


def _is_byline(text: str) -> bool:
    return bool(_BY.match(text)) and is_only_names(_SPLIT.sub(", ", _BY.sub("", text)))


def _stands_alone(run: Run, heading: Run | None, body: list[Run]) -> bool:
    """Whether a line of names is the author's: a person of the news is named in the text too."""
    if run.place.heading or run.place.caption is not None or not is_only_names(run.text):
        return False
    others = [o.key for o in body if o is not run] + ([heading.key] if heading else [])
    return not any(make_key(name) in key for key in others for name in _AND.split(run.text))


def _told(flow: Flow, heading: Run | None, body: list[Run], *, is_signed: bool) -> list[str]:
    """Find names that stand alone at the top of the text, or with a label below it.

    A line of two words may be a place: it counts where the publication signs for everybody.
    """
    if not body:
        return []
    start = body[0].index
    above = [r for r in flow.runs if start - 2 <= r.index < start and r.place.tag == "p"]
    top = [*above, *body[:_TOP]] if is_signed else []
    found = [run.text for run in top if _stands_alone(run, heading, body)][:1]
    first = heading.index if heading is not None else body[0].index
    for run in flow.runs:
        if first < run.index <= min(first + _BELOW, body[0].index + 2) and not found:
            pieces = _PIECES.split(_DATE_TAIL.sub("", run.text))
            has_date = any(map(str.isdigit, run.text))
            found += [p for p in pieces if has_date and is_only_names(p)][:1]
        if body[-1].index < run.index <= body[-1].index + _LABEL_REACH:
            labelled = _LABELLED.match(run.text)
            found += [labelled[1]] if labelled and is_only_names(labelled[1]) else []
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
    url: str = "",
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Find the authors: people, agencies, and where they came from."""
    stated = statement.article
    shown = _shown(flow, heading, body)
    sources: list[tuple[str, list[tuple[str, bool]]]] = [
        ("json-ld", _names_of(stated.get("author")) or _names_of(stated.get("creator"))),
        ("meta", [(name, False) for name in metas.all(*_META_NAMES)]),
        ("byline", [(text, False) for text in shown]),
        ("feed", [(name, False) for name in feed]),
    ]
    own = _find_own(site, stated, url)
    fallback: tuple[tuple[str, ...], str] = ((), "")
    for origin, raw in sources:
        people, groups = _part_names(raw, own)
        if people:
            if origin == "json-ld":
                people = _find_colleagues(flow, heading, people) | people
            others = tuple(name for name in groups if not _is_own(name, own))
            return tuple(people.values()), others, origin
        if groups and not fallback[0]:
            fallback = (groups, origin)
    told = _told(flow, heading, body, is_signed=bool(fallback[0]))
    people, groups = _part_names([(text, False) for text in told], own)
    if people and not _is_staff(stated):
        return tuple(people.values()), groups, "text"
    return (), fallback[0], fallback[1]


def _is_staff(stated: dict[str, Any]) -> bool:
    """Whether the page states that an organisation wrote it: no line of names says otherwise."""
    return any(is_group for _, is_group in _names_of(stated.get("author")))


def _find_own(site: str, stated: dict[str, Any], url: str) -> frozenset[str]:
    """Give the keys of what the publication calls itself."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = (site, *texts_of(stated.get("publisher")), host, *host.split(".")[-2:-1])
    return frozenset(key for key in map(make_key, names) if key)


def _is_own(name: str, own: frozenset[str]) -> bool:
    key = make_key(name)
    initials = "".join(word[0] for word in name.casefold().split())
    is_part = len(key) >= 4 and any(key in other for other in own)
    return key in own or is_part or (len(initials) > 1 and initials in own)


def _part_names(
    raw: list[tuple[str, bool]], own: frozenset[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Part what a source names into people and agencies, the publication among these."""
    people: dict[str, str] = {}
    groups: dict[str, str] = {}
    for text, is_group in raw:
        for name in [clean_name(text)] if is_group else split_names(text):
            if not name:
                continue
            is_desk = is_group or is_agency(name, own) or _is_own(name, own)
            target = groups if is_desk else people
            target.setdefault(make_key(name), name)
    return people, tuple(groups.values())


def _find_colleagues(flow: Flow, heading: Run | None, people: dict[str, str]) -> dict[str, str]:
    """Find names that stand beside a stated author's in an element of the same kind."""
    if heading is None:
        return {}
    near = [run for run in flow.runs if 0 < run.index - heading.index <= 2 * _BELOW]
    known = [run for run in near if run.key in people and _is_called_byline(run)]
    return {
        run.key: run.text
        for run in near
        for own in known
        if abs(run.index - own.index) <= _COLLEAGUES
        and run.place.signature == own.place.signature
        and is_only_names(run.text)
        and not any(key in run.key for key in people)
        and not _JOB.search(run.text)
    }
