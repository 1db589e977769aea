"""Lists of publishers in and out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dragoman.errors import FeedError
from dragoman.ingest import parse_outlines, write_outlines
from dragoman.types import Rights, Source

OUTLINES = b"""<?xml version="1.0"?>
<opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>Mine</title></head><body>
<outline text="News"><outline text="Ports &amp; seas">
<outline text="Harbour" type="rss" xmlUrl="https://harbour.example/feed" category="/sea,/quay"
 htmlUrl="https://harbour.example/" frss:cssFullContent="div &gt; p" language="en-ie"/>
<outline text="Old protocol" xmlUrl="gopher://x.example/"/>
<outline text="No address" type="rss"/>
</outline></outline>
<outline title="Gaceta" xmlUrl="https://gaceta.example/rss"/>
<outline text="Harbour" type="rss" xmlUrl="javascript:alert(1)"/>
</body></opml>"""


def test_publishers_come_with_their_folders_and_unknown_attributes() -> None:
    harbour, gaceta = parse_outlines(OUTLINES, "x.opml").sources
    assert (harbour.name, harbour.url) == ("Harbour", "https://harbour.example/feed")
    assert (harbour.language, harbour.folder) == ("en-IE", ("News", "Ports & seas"))
    assert dict(harbour.outline) == {
        "category": "/sea,/quay",
        "htmlUrl": "https://harbour.example/",
        "frss:cssFullContent": "div > p",
        "xmlns:frss": "https://freshrss.org/opml",
    }
    assert (gaceta.name, gaceta.folder, gaceta.outline) == ("Gaceta", (), ())


def test_each_bad_outline_is_named() -> None:
    faults = parse_outlines(OUTLINES, "x.opml").faults
    assert len(faults) == 3
    for fault, name, reason in zip(
        faults,
        ("Old protocol", "No address", "Harbour"),
        ("gopher://x.example/", "xmlUrl", "javascript"),
        strict=True,
    ):
        assert fault.startswith(f"x.opml, outline '{name}'")
        assert reason in fault


def test_what_is_written_is_read_the_same() -> None:
    read = parse_outlines(OUTLINES, "x.opml", is_own=True).sources
    own = replace(
        read[1],
        name='"Gaceta" <de> Norte & Sur',
        rights=Rights.FULL,
        country="ES",
        is_indexable=True,
        is_paused=True,
    )
    text = write_outlines([read[0], own], "My <press>")
    assert parse_outlines(text.encode(), "y.opml", is_own=True).sources == (read[0], own)


def test_a_strangers_list_opens_no_rights() -> None:
    own = Source("g", "https://g.example/", "G", rights=Rights.FULL, is_indexable=True)
    (read,) = parse_outlines(write_outlines([own], "x").encode(), "https://x.example/").sources
    assert (read.rights, read.is_indexable) == (Rights.EXTRACT, False)


def test_a_file_that_breaks_off_gives_what_came_before_and_says_so() -> None:
    outlines = parse_outlines(OUTLINES[:-120], "x.opml")
    assert [source.name for source in outlines.sources] == ["Harbour"]
    assert "breaks off" in outlines.faults[-1]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no OPML"),
        (b"<html><body>words</body></html>", "no OPML"),
        (b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml><body/></opml>", "entities"),
        (b"<opml>" + b"<outline>" * 500, "nests"),
    ],
)
def test_what_is_no_outline_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(FeedError, match=rf"x\.opml: .*{words}"):
        parse_outlines(body, "x.opml")
