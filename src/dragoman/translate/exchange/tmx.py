"""Translation memories as TMX 1.4b, in and out, unit by unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dragoman import __version__, languages
from dragoman.errors import ExchangeError, UnknownLanguage
from dragoman.sanitize import clean_text
from dragoman.translate.exchange.xml import language_of, open_xml, read_elements
from dragoman.translate.route import variant_of
from dragoman.translate.wording.memory import exact_key
from dragoman.types import UNKNOWN_LANGUAGE, MemoryUnit

MAX_BYTES = 4_000_000_000
MAX_TEXT = 10_000  # characters of a segment: more is no sentence

_EVERY = "*all*"
_ORIGIN, _KEY = "x-dragoman-origin", "x-dragoman-key"
_KEY_FORM = re.compile(r"[0-9a-f]{32}")
_TIME = "%Y%m%dT%H%M%SZ"
_NATIVE = frozenset({"bpt", "ept", "ph", "it", "ut"})  # codes of the tool that wrote the file


def write_tmx(path: Path, units: Iterable[MemoryUnit]) -> int:
    """Write units as they come, and count them. Raises `ExchangeError`."""
    header = {
        "creationtool": "Dragoman", "creationtoolversion": __version__, "segtype": "sentence",
        "o-tmf": "Dragoman", "adminlang": "en", "srclang": _EVERY, "datatype": "plaintext",
    }  # fmt: skip
    count = 0
    with open_xml(path) as xml, xml.element("tmx", {"version": "1.4"}):
        with xml.element("header", header):
            pass
        with xml.element("body"):
            for unit in units:
                count += 1
                made = {"creationdate": unit.updated.strftime(_TIME)} if unit.updated else {}
                with xml.element("tu", made | {"srclang": unit.language}):
                    for name, value in ((_ORIGIN, unit.origin), (_KEY, unit.key)):
                        with xml.element("prop", {"type": name}):
                            xml.write(value)
                    for code, text in ((unit.language, unit.source), (unit.into, unit.target)):
                        with (
                            xml.element("tuv", {"xml:lang": code}),
                            xml.element("seg"),
                        ):
                            xml.write(text)
                xml.end_line()
    return count


def read_tmx(
    path: Path, *, progress: Callable[[int], None] = lambda count: None
) -> Iterator[MemoryUnit]:
    """Read the units of a TMX file, each from its source language into its others.

    What a Dragoman's engines made keeps its key, so that it is used again under the same
    models and glossary alone; what people or other tools wrote is used wherever the sentence
    stands to the letter. Units that name no language, or hold no text, are passed over.
    ``progress`` is told how many units of the file were read. Raises `ExchangeError`, before it
    gives a unit: the file is read through first, so that none is taken in by half.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ExchangeError(f"{path} is larger than {MAX_BYTES // 10**9} GB; split it")
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror}") from error
    for _ in read_elements(path, "tmx", "tu"):
        pass
    origin, default, count = f"tmx:{path.name}", _EVERY, 0
    elements = read_elements(path, "tmx", "tu")
    next(elements, None)
    for count, unit in enumerate(elements, 1):
        if count == 1:
            header = unit.getroottree().getroot().find("header")
            default = (header.get("srclang") if header is not None else "") or _EVERY
        yield from _read_unit(unit, default, origin)
        if count % 1000 == 0:
            progress(count)
    progress(count)


def _read_unit(unit: Any, default: str, origin: str) -> Iterator[MemoryUnit]:
    texts = dict(_variants(unit))
    props = {prop.get("type"): "".join(prop.itertext()).strip() for prop in unit.findall("prop")}
    from_language = unit.get("srclang") or default
    made = _read_time(unit.get("changedate") or unit.get("creationdate") or "")
    key = props.get(_KEY, "")
    is_own = bool(_KEY_FORM.fullmatch(key)) and not props.get(_ORIGIN, "tmx:").startswith("tmx:")
    for language, source in texts.items():
        if from_language != _EVERY and variant_of(language) != variant_of(from_language):
            continue
        for into, target in texts.items():
            if variant_of(into) == variant_of(language):
                continue
            yield MemoryUnit(
                key if is_own and len(texts) == 2 else exact_key(source, language, into),
                source,
                target,
                language,
                into,
                props[_ORIGIN] if is_own and len(texts) == 2 else origin,
                made,
            )


def _variants(unit: Any) -> Iterator[tuple[str, str]]:
    for variant in unit.findall("tuv"):
        seg = variant.find("seg")
        try:
            code = languages.normalise(language_of(variant))
        except UnknownLanguage:
            continue
        text = clean_text("".join(_text_of(seg))) if seg is not None else ""
        if text and len(text) <= MAX_TEXT and code != UNKNOWN_LANGUAGE:
            yield code, text


def _text_of(element: Any) -> Iterator[str]:
    """Give the text of a segment without another tool's codes; entities give nothing."""
    yield element.text or ""
    for inner in element:
        if isinstance(inner.tag, str) and inner.tag not in _NATIVE:
            yield from _text_of(inner)
        yield inner.tail or ""


def _read_time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
