"""Glossaries as files: CSV in and out, TBX-Basic (ISO 30042:2019) out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman import languages
from dragoman.errors import ExchangeError, UnknownLanguage
from dragoman.sanitize import clean_text
from dragoman.translate.exchange.xml import Writer, open_xml
from dragoman.translate.wording.terms import LONGEST
from dragoman.translate.words import word_list, word_set
from dragoman.types import UNKNOWN_LANGUAGE, Term

COLUMNS = word_list("language into term translation case note")
MAX_BYTES = 50_000_000
MAX_TERMS = 100_000

_NEEDED = ("language", "into", "term")
_DELIMITERS = ",;\t"
_YES = word_set("1 yes y true x case cased sensitive exact")
_NO = word_set("0 no n false any insensitive")
_NAMESPACE = "urn:iso:std:iso:30042:ed-2"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row of a file that was left out, by its line, and why."""

    line: int
    reason: str


def read_csv(path: Path) -> tuple[tuple[Term, ...], tuple[BadRow, ...]]:
    """Read the terms of a CSV file with a header; rows that cannot be read are named.

    Commas, semicolons or tabs part the columns, which may come in any order; further ones
    are passed over. Raises `ExchangeError` where the file is none.
    """
    lines = io.StringIO(_read_text(path), newline="")
    header = lines.readline()
    delimiter = max(_DELIMITERS, key=header.count)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise ExchangeError(
            f"{path}: the first line must name the columns {','.join(COLUMNS)}; "
            f"{' and '.join(missing)} cannot be found in it"
        )
    terms: list[Term] = []
    bad: list[BadRow] = []
    for line, cells in _rows(lines, delimiter):
        if not any(cell.strip() for cell in cells):
            continue
        try:
            terms.append(_read_term(dict(zip(names, cells, strict=False))))
        except (ValueError, UnknownLanguage) as error:
            bad.append(BadRow(line, str(error)))
        if len(terms) > MAX_TERMS:
            raise ExchangeError(f"{path} holds more than {MAX_TERMS} terms; split it")
    return tuple(terms), tuple(bad)


def write_csv(path: Path, terms: Iterable[Term]) -> int:
    """Write terms as `read_csv` reads them, and count them. Raises `ExchangeError`."""
    count = 0
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            for term in terms:
                case = "yes" if term.is_cased else "no"
                cells = (term.language, term.into, term.term, term.translation, case, term.note)
                rows.writerow(cells)
                count += 1
    except OSError as error:
        raise ExchangeError(f"{path} cannot be written: {error.strerror}") from error
    return count


def write_tbx(path: Path, terms: Iterable[Term]) -> int:
    """Write terms as TBX-Basic, one concept each, and count them. Raises `ExchangeError`."""
    root = {"type": "TBX-Basic", "style": "dca", "xml:lang": "en", "xmlns": _NAMESPACE}
    count = 0
    with open_xml(path) as xml, xml.element("tbx", root):
        with (
            xml.element("tbxHeader"),
            xml.element("fileDesc"),
            xml.element("sourceDesc"),
            xml.element("p"),
        ):
            xml.write("Glossary of a Dragoman relay")
        with xml.element("text"), xml.element("body"):
            for count, term in enumerate(terms, 1):
                with xml.element("conceptEntry", {"id": f"c{count}"}):
                    _write_concept(xml, term)
                xml.end_line()
    return count


def _write_concept(xml: Writer, term: Term) -> None:
    for note in _notes(term):
        with xml.element("note"):
            xml.write(note)
    for code, words in ((term.language, term.term), (term.into, term.translation or term.term)):
        with (
            xml.element("langSec", {"xml:lang": code}),
            xml.element("termSec"),
            xml.element("term"),
        ):
            xml.write(words)


def _notes(term: Term) -> Iterator[str]:
    if term.note:
        yield term.note
    if not term.translation:
        yield "Never translated."
    if term.is_cased:
        yield "Found only with these capitals."


def _read_text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExchangeError(f"{path} is larger than {MAX_BYTES // 10**6} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror}") from error
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path} is no UTF-8 text; save it as CSV in UTF-8") from error


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Give each row with the line that it begins in."""
    rows = csv.reader(lines, delimiter=delimiter)
    begins = 2
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:  # a cell beyond any sense, as where a quotation mark never closes
            cells = ["?"]
        yield begins, cells
        begins = rows.line_num + 2


def _read_term(row: Mapping[str, str]) -> Term:
    """Read a row; raises `ValueError` and `UnknownLanguage` with what is wrong."""
    cells = {name: clean_text(row.get(name) or "") for name in COLUMNS}
    if not cells["term"]:
        raise ValueError("there is no term")
    for name in ("term", "translation"):
        if len(cells[name]) > LONGEST:
            raise ValueError(f"the {name} is longer than {LONGEST} characters")
    if not any(char.isalnum() for char in cells["term"]):
        raise ValueError(f"the term '{cells['term']}' holds no letter")
    language, into = (languages.normalise(cells[name]) for name in ("language", "into"))
    if UNKNOWN_LANGUAGE in (language, into):
        raise ValueError("a language is missing")
    if languages.is_same(language, into):
        raise ValueError(f"'{language}' and '{into}' are one language")
    case = cells["case"].lower()
    if case and case not in _YES | _NO:
        raise ValueError(f"the case must be yes or no, not '{cells['case']}'")
    note = cells["note"][:1000]
    return Term(language, into, cells["term"], cells["translation"], case in _YES, note)
