"""XML in and out, piece by piece: what is written is valid, what is read is not believed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from dragoman.errors import ExchangeError

_NONE: Mapping[str, str] = MappingProxyType({})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Writer:
    """Elements and text, written as they come."""

    def __init__(self, file: BinaryIO) -> None:
        self._xml = XMLGenerator(file, encoding="UTF-8", short_empty_elements=True)
        self._xml.startDocument()

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] = _NONE) -> Iterator[None]:
        """Write an element around what is written inside."""
        safe = {key: _writable(value) for key, value in attributes.items()}
        self._xml.startElement(name, AttributesImpl(safe))
        yield
        self._xml.endElement(name)

    def write(self, text: str) -> None:
        """Write text, without the characters that XML cannot hold."""
        self._xml.characters(_writable(text))

    def end_line(self) -> None:
        """End a line where white space means nothing, for people who look into the file."""
        self._xml.ignorableWhitespace("\n")


@contextmanager
def open_xml(path: Path) -> Iterator[Writer]:
    """Open a file to be written; raises `ExchangeError` where that is not possible."""
    try:
        with path.open("wb") as file:
            yield Writer(file)
    except OSError as error:
        raise ExchangeError(f"{path} cannot be written: {error.strerror}") from error


def language_of(element: Any) -> str:
    """Give the language that an element is marked with, as XML has it or as old files do."""
    return str(element.get(_LANG) or element.get("lang") or "")


def read_elements(path: Path, root: str, name: str) -> Iterator[Any]:
    """Give the elements of a name one by one, the root element first, each freed afterwards.

    Nothing is fetched and no entity is expanded; a file that defines some is refused. Raises
    `ExchangeError` where the file is no XML, or its root element another.
    """
    from lxml import etree

    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False}
    try:
        with path.open("rb") as file:
            events = etree.iterparse(file, events=("start", "end"), huge_tree=False, **options)
            is_first = True
            for event, element in events:
                if is_first:
                    _check_root(path, element, root)
                    is_first = False
                    yield element
                elif event == "end" and element.tag == name:
                    yield element
                    _free(element)
    except OSError as error:
        raise ExchangeError(f"{path} cannot be read: {error.strerror}") from error
    except etree.XMLSyntaxError as error:
        raise ExchangeError(f"{path} is no sound XML: {error.msg}") from error


def _check_root(path: Path, element: Any, root: str) -> None:
    if element.tag != root:
        raise ExchangeError(f"{path} is no {root.upper()} file: it begins with <{element.tag}>")
    types = element.getroottree().docinfo.internalDTD
    if types is not None and next(types.iterentities(), None) is not None:
        raise ExchangeError(f"{path} defines entities of its own, which are not read")


def _free(element: Any) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)
