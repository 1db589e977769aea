"""Glossaries and memories come and go as files of other tools; hostile ones come to nothing."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from dragoman.errors import ExchangeError
from dragoman.translate import exact_key
from dragoman.translate.exchange import read_csv, read_tmx, write_csv, write_tbx, write_tmx
from dragoman.types import MemoryUnit, Term

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
OWN = MemoryUnit("a" * 32, "Fish & <chips>", "Peixe", "en", "pt", "en>pt (firefox)", NOW)
TERMS = (
    Term("en", "pt", "carer", "cuidador", note='not "babá"'),
    Term("en", "pt-BR", "Met Office", is_cased=True),
    Term("en", "ar", "port; harbour", "ميناء"),
)
TBX = "{urn:iso:std:iso:30042:ed-2}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


# -- CSV -------------------------------------------------------------------------------


def test_what_is_written_as_csv_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "terms.csv"
    assert write_csv(file, TERMS) == 3
    assert read_csv(file) == (TERMS, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_write_it(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    rows = [
        ["Term", "LANGUAGE", "into", "translation", "Case", "who"],
        ["ferry", "en", "pt", "balsa", "x", "M."],
        ["tug", "en_GB", "pt", "rebocador", "", ""],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    file = write(tmp_path / "t.csv", text, encoding)
    ferry = Term("en", "pt", "ferry", "balsa", is_cased=True)
    assert read_csv(file) == ((ferry, Term("en-GB", "pt", "tug", "rebocador")), ())


def test_each_bad_row_is_named_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = [
        "language,into,term,translation,case,note",
        'en,pt,carer,cuidador,,"a note',
        'of two lines"',
        "en,pt",
        "klingon,pt,qapla,sucesso,,",
        "",
        "en,en-GB,lift,lift,,",
        "en,pt,lift,elevador,perhaps,",
        f"en,pt,{'x' * 201},y,,",
        "en,pt,***,y,,",
        ",pt,lift,elevador,,",
        "en,pt,tug,rebocador,no,",
    ]
    terms, bad = read_csv(write(tmp_path / "t.csv", "\n".join(lines)))
    assert [term.term for term in terms] == ["carer", "tug"]
    assert [row.line for row in bad] == [4, 5, 7, 8, 9, 10, 11]
    assert "klingon" in bad[1].reason


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "must name the columns"),
        (b"term;translation\na;b", "language and into cannot be found"),
        (b"language,into,term\nen,pt,caf\xe9", "save it as CSV in UTF-8"),
    ],
)
def test_a_file_that_is_no_glossary_is_named(tmp_path: Path, data: bytes, message: str) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(data)
    with pytest.raises(ExchangeError, match=message) as told:
        read_csv(file)
    assert str(file) in str(told.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"none\.csv cannot be read: No such file"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(ExchangeError, match=r"cannot be written"):
        write_csv(tmp_path / "none" / "t.csv", TERMS)


# -- TBX -------------------------------------------------------------------------------


def test_terms_are_written_as_tbx_basic(tmp_path: Path) -> None:
    file = tmp_path / "terms.tbx"
    assert write_tbx(file, TERMS) == 3
    root = etree.parse(str(file)).getroot()
    assert (root.tag, root.get("type"), root.get("style")) == (f"{TBX}tbx", "TBX-Basic", "dca")
    assert root.find(f"{TBX}tbxHeader/{TBX}fileDesc/{TBX}sourceDesc/{TBX}p") is not None
    entries = root.findall(f"{TBX}text/{TBX}body/{TBX}conceptEntry")
    assert len({entry.get("id") for entry in entries}) == 3
    found = [
        [
            (lang.get(LANG), lang.findtext(f"{TBX}termSec/{TBX}term"))
            for lang in entry.findall(f"{TBX}langSec")
        ]
        for entry in entries
    ]
    assert found[0] == [("en", "carer"), ("pt", "cuidador")]
    assert found[1] == [("en", "Met Office"), ("pt-BR", "Met Office")]
    notes = [note.text for note in entries[1].findall(f"{TBX}note")]
    assert notes == ["Never translated.", "Found only with these capitals."]


# -- TMX -------------------------------------------------------------------------------


def test_own_units_keep_key_and_origin_and_those_of_people_are_exact(tmp_path: Path) -> None:
    theirs = MemoryUnit("b" * 32, "Cat", "Gato", "en", "pt", "tmx:other.tmx", NOW)
    file = tmp_path / "memory.tmx"
    assert write_tmx(file, iter([OWN, theirs])) == 2
    first, second = read_tmx(file)
    assert first == OWN
    assert second.key == exact_key("Cat", "en", "pt")
    assert second.origin == "tmx:memory.tmx"
    root = etree.parse(str(file)).getroot()
    assert (root.tag, root.get("version")) == ("tmx", "1.4")
    needed = ("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang")
    (header,) = root.findall("header")
    assert all(header.get(name) for name in (*needed, "datatype"))
    assert {tu.get("creationdate") for tu in root.findall("body/tu")} == {"20260102T030405Z"}


def test_characters_that_xml_cannot_hold_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "m.tmx"
    odd = MemoryUnit("a" * 32, "A\x01\x0b \ufffe\ud800cat", "Um\x00 gato", "en", "pt", "r", NOW)
    write_tmx(file, [odd])
    (unit,) = read_tmx(file)
    assert (unit.source, unit.target) == ("A cat", "Um gato")


def test_a_file_of_another_tool_is_read(tmp_path: Path) -> None:
    text = """<?xml version="1.0" encoding="utf-16"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
    <tmx version="1.4"><header srclang="EN-us" segtype="sentence"/><body>
    <tu changedate="20260102T030405Z"><tuv xml:lang="en-US"><seg>The <bpt i="1">&lt;b&gt;</bpt>red
    <ept i="1">&lt;/b&gt;</ept> <hi type="x">boat</hi><ph/>.</seg></tuv>
    <tuv xml:lang="PT-BR"><seg>O barco vermelho.</seg></tuv>
    <tuv lang="fr"><seg>Le bateau rouge.</seg></tuv>
    <tuv xml:lang="xx-nonsense"><seg>?</seg></tuv><tuv xml:lang="de"><seg> </seg></tuv></tu>
    <tu srclang="*all*"><tuv xml:lang="en"><seg>Cat</seg></tuv>
    <tuv xml:lang="pt"><seg>Gato</seg></tuv></tu>
    </body></tmx>"""
    units = list(read_tmx(write(tmp_path / "m.tmx", text, "utf-16")))
    assert [(u.language, u.into, u.source, u.target) for u in units] == [
        ("en-US", "pt-BR", "The red boat.", "O barco vermelho."),
        ("en-US", "fr", "The red boat.", "Le bateau rouge."),
        ("en", "pt", "Cat", "Gato"),
        ("pt", "en", "Gato", "Cat"),
    ]
    assert units[0].key == exact_key("The red boat.", "en", "pt")
    assert units[0].updated == NOW
    assert {unit.origin for unit in units} == {"tmx:m.tmx"}


BODY = '<tmx version="1.4"><header srclang="en"/><body>{}</body></tmx>'
UNIT = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="pt"><seg>x</seg></tuv></tu>'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no sound XML"),
        ("this is no XML", "no sound XML"),
        ("<html><body/></html>", "no TMX file: it begins with <html>"),
        (BODY.format(UNIT.format("a"))[:-20], "no sound XML"),
        (BODY.format("<p>" * 300), "no sound XML"),
        ('<!DOCTYPE tmx [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + BODY.format(UNIT.format("&b;")),
         "defines entities"),
        ('<!DOCTYPE tmx [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + BODY.format(""),
         "defines entities"),
    ],
)  # fmt: skip
def test_a_broken_or_hostile_file_is_refused_with_one_message(
    tmp_path: Path, text: str, message: str
) -> None:
    file = write(tmp_path / "m.tmx", text)
    with pytest.raises(ExchangeError, match=message) as told:
        list(read_tmx(file))
    assert str(file) in str(told.value)


def test_a_file_that_breaks_off_gives_none_of_its_units(tmp_path: Path) -> None:
    whole = BODY.format(UNIT.format("a") * 3000)
    units = read_tmx(write(tmp_path / "m.tmx", whole[:-40]))
    with pytest.raises(ExchangeError, match="no sound XML"):
        next(units)


def test_a_document_type_from_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    write(tmp_path / "own.dtd", '<!ENTITY secret "secret">')
    text = f'<!DOCTYPE tmx SYSTEM "{tmp_path}/own.dtd">' + BODY.format(UNIT.format("a &amp; b"))
    (unit,) = read_tmx(write(tmp_path / "m.tmx", text))
    assert unit.source == "a & b"


def test_a_text_longer_than_any_sentence_is_passed_over(tmp_path: Path) -> None:
    text = BODY.format(UNIT.format("a" * 10_001) + UNIT.format("b"))
    assert [unit.source for unit in read_tmx(write(tmp_path / "m.tmx", text))] == ["b"]


def test_a_memory_goes_out_and_in_without_being_held(tmp_path: Path) -> None:
    count = 20_000

    def units() -> Iterator[MemoryUnit]:
        for number in range(count):
            yield MemoryUnit(
                f"{number:032x}", f"{number} {'word ' * 200}", "x", "en", "pt", "r", NOW
            )

    file = tmp_path / "m.tmx"
    before = pages_held()
    assert write_tmx(file, units()) == count
    most = 0
    for number, _ in enumerate(read_tmx(file), 1):
        if number % 2_000 == 0:
            most = max(most, pages_held())
    assert number == count
    assert file.stat().st_size > 20_000_000
    assert (most - before) * resource.getpagesize() < 12_000_000


def pages_held() -> int:
    """How many pages of memory this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1])
