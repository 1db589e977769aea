from __future__ import annotations

import json
import pickle
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import FeedError
from dragoman.ingest import parse_feed
from dragoman.types import FeedItem

URL = "https://harbour.example/news/feed.xml"
WHEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def make_rss(items: str, head: str = "<title>Harbour</title>", declaration: str = "") -> bytes:
    names = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    text = f'{declaration}<rss version="2.0" {names}><channel>{head}{items}</channel></rss>'
    return text.encode()


def make_item(link: str, rest: str = "") -> str:
    return (
        f"<item><title>Ferry</title><link>{link}</link>"
        f"<pubDate>Wed, 04 Mar 2026 10:30:00 +0100</pubDate>{rest}</item>"
    )


def read_one(body: bytes, media_type: str = "application/rss+xml") -> FeedItem:
    (item,) = parse_feed(body, URL, media_type).items
    return item


def test_it_reads_rss_with_content_encoded() -> None:
    item = read_one(
        make_rss(
            make_item(
                "https://harbour.example/ferry",
                '<guid isPermaLink="false">h-1</guid><dc:creator>Ana Sá</dc:creator>'
                "<category>Sea</category><category>Sea</category>"
                "<description>&lt;p&gt;Short&lt;/p&gt;</description>"
                "<content:encoded><![CDATA[<p>Long <b>text</b></p>]]></content:encoded>",
            )
        )
    )
    assert item == FeedItem(
        url="https://harbour.example/ferry",
        guid="h-1",
        title="Ferry",
        authors=("Ana Sá",),
        published=WHEN,
        categories=("Sea",),
        summary="<p>Short</p>",
        content="<p>Long <b>text</b></p>",
    )


def test_it_reads_the_head_of_a_feed() -> None:
    head = "<title>Harbour &amp; Co</title><language>pt-br</language><ttl>30</ttl>"
    feed = parse_feed(make_rss(make_item("/a"), head), URL)
    assert (feed.title, feed.language, feed.ttl) == ("Harbour & Co", "pt-BR", 1800.0)


def test_it_reads_atom_with_xml_base_and_every_author() -> None:
    body = b"""<?xml version="1.0"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://serra.example/blog/" xml:lang="fr">
    <title>Serra</title>
    <entry xml:base="2026/"><title type="html">Un &lt;b&gt;ferry&lt;/b&gt;</title><id>tag:1</id>
    <link rel="enclosure" href="a.mp3"/><link rel="alternate" href="ferry"/>
    <author><name>Zo\xc3\xa9</name></author><author><name>Luc</name></author>
    <published>2026-03-04T10:30:00+01:00</published><updated>2026-03-04T12:30:00+01:00</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Le ferry</p></div></content>
    </entry></feed>"""
    feed = parse_feed(body, URL)
    item = feed.items[0]
    assert (feed.title, feed.language) == ("Serra", "fr")
    assert item.url == "https://serra.example/blog/2026/ferry"
    assert item.title == "Un ferry"
    assert item.authors == ("Zoé", "Luc")
    assert item.published == WHEN
    assert item.updated == WHEN.replace(hour=11)
    assert "<p>Le ferry</p>" in item.content


def test_a_day_of_change_is_not_a_day_of_publication() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>S</title><entry><title>F</title>
    <id>1</id><link href="/f"/><updated>2026-03-04T09:30:00Z</updated></entry></feed>"""
    item = read_one(body)
    assert (item.published, item.updated) == (None, WHEN)


def test_it_reads_rdf() -> None:
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
    <channel rdf:about="https://e.example/"><title>Ledger</title></channel>
    <item rdf:about="https://e.example/f"><title>Ferry</title><link>https://e.example/f</link>
    <dc:date>2026-03-04T09:30:00Z</dc:date></item></rdf:RDF>"""
    item = read_one(body)
    assert (item.url, item.title, item.published) == ("https://e.example/f", "Ferry", WHEN)


def test_it_reads_rss_091_with_its_document_type() -> None:
    body = b"""<?xml version="1.0"?>
    <!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
    "http://my.netscape.example/publish/formats/rss-0.91.dtd">
    <rss version="0.91"><channel><title>Old &nbsp;&eacute;t&eacute;</title>
    <item><title>Caf&eacute; &amp; th&eacute;</title><link>https://e.example/f</link></item>
    </channel></rss>"""
    feed = parse_feed(body, URL)
    assert feed.title == "Old été"
    assert [(item.title, item.published) for item in feed.items] == [("Café & thé", None)]


def test_it_reads_json_feed() -> None:
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Manara",
        "language": "ar",
        "items": [
            {
                "id": 7,
                "url": "/ferry",
                "title": "عبّارة",
                "authors": [{"name": "ليلى"}, {"url": "x"}, "odd"],
                "content_text": "1 < 2\n\nEnd",
                "date_published": "2026-03-04T10:30:00+01:00",
                "date_modified": "soon",
                "tags": ["sea", 3],
            },
            {"id": "no address"},
            "no item",
        ],
    }
    feed = parse_feed(json.dumps(body).encode(), URL, "application/feed+json")
    assert (feed.title, feed.language) == ("Manara", "ar")
    assert feed.items == (
        FeedItem(
            url="https://harbour.example/ferry",
            guid="7",
            title="عبّارة",
            authors=("ليلى",),
            published=WHEN,
            categories=("sea",),
            content="1 &lt; 2\n\nEnd",
        ),
    )


@pytest.mark.parametrize(
    "body", [b"{", b'{"items": []}', b"[1, 2]", b'{"version": 3, "items": {}}', b"[" * 200_000]
)
def test_json_that_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(FeedError, match=URL):
        parse_feed(body, URL, "application/json")


@pytest.mark.parametrize(
    ("encoding", "label", "media_type"),
    [
        ("latin-1", "ISO-8859-1", "text/xml"),
        ("cp1252", "iso-8859-1", "text/xml"),
        ("latin-1", "", "text/xml; charset=ISO-8859-1"),
        ("latin-1", "", "text/xml"),
        ("latin-1", "utf-8", "text/xml"),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("utf-8-sig", "utf-8", "text/xml"),
        ("utf-16", "utf-16", "text/xml"),
        ("utf-16-le", "utf-16", "text/xml"),
        ("cp1252", "no-such-encoding", "text/xml; charset=base64"),
    ],
)
def test_it_reads_every_encoding_however_it_is_declared(
    encoding: str, label: str, media_type: str
) -> None:
    declaration = f'<?xml version="1.0" encoding="{label}"?>' if label else ""
    text = make_rss("", "", declaration).decode()
    item = make_item("/a").replace("Ferry", "Été à la façade" + "’" * ("1252" in encoding))
    body = text.replace("</channel>", item + "</channel>").encode(encoding)
    assert read_one(body, media_type).title.startswith("Été à la façade")
    assert ("’" in read_one(body, media_type).title) is ("1252" in encoding)


def test_it_reads_an_encoding_that_looks_like_ascii() -> None:
    text = make_rss(make_item("/a"), "", '<?xml version="1.0" encoding="iso-2022-jp"?>').decode()
    body = text.replace("Ferry", "フェリー").encode("iso-2022-jp")
    assert read_one(body).title == "フェリー"


@pytest.mark.parametrize(
    ("date", "hour"),
    [
        ("Wed, 04 Mar 2026 09:30:00 GMT", 9),
        ("Wed, 04 Mar 2026 09:30:00 EST", 14),
        ("2026-03-04T09:30:00", 9),
        ("2026-03-04 09:30", 9),
        ("4 Mar 2026 09:30:00 -0300", 12),
    ],
)
def test_dates_come_in_utc_and_without_a_zone_are_taken_as_utc(date: str, hour: int) -> None:
    body = make_rss(
        make_item("/a").replace("Wed, 04 Mar 2026 10:30:00 +0100", date), "<title>T</title>"
    )
    assert read_one(body).published == WHEN.replace(hour=hour)


def test_a_date_in_the_words_of_the_feeds_language_is_read() -> None:
    body = make_rss(
        make_item("/a").replace("Wed, 04 Mar 2026 10:30:00 +0100", "4 Mart 2026 09:30"),
        "<title>T</title><language>tr</language>",
    )
    assert read_one(body).published == WHEN


@pytest.mark.parametrize(
    "date",
    ["", "soon", "0000-00-00", "4 Mart 2026 09:30", "03/04/2026", "Thu, 01 Jan 1970 00:00:00 GMT"],
)
def test_an_unknown_date_stays_unknown(date: str) -> None:
    body = make_rss(make_item("/a").replace("Wed, 04 Mar 2026 10:30:00 +0100", date))
    assert read_one(body).published is None


def test_items_without_a_usable_address_are_dropped() -> None:
    links = ["", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "http://", "/ok"]
    feed = parse_feed(make_rss("".join(map(make_item, links))), URL)
    assert [item.url for item in feed.items] == ["https://harbour.example/ok"]


def test_addresses_are_resolved_and_undressed() -> None:
    feed = parse_feed(make_rss(make_item("../a") + make_item("//ann:pw@f.example/b#c")), URL)
    assert [item.url for item in feed.items] == [
        "https://harbour.example/a",
        "https://f.example/b",
    ]


def test_two_items_of_one_canonical_address_are_merged() -> None:
    items = make_item("/a?utm_source=rss") + make_item("/a#top", "<description>D</description>")
    feed = parse_feed(make_rss(items), URL)
    assert [(item.url, item.summary) for item in feed.items] == [
        ("https://harbour.example/a?utm_source=rss", "D")
    ]


def test_titles_come_without_markup_controls_and_hidden_characters() -> None:
    title = "<![CDATA[A <b>bold</b>\u202e &eacute;\u0007 &#8211; 2 < 3]]>"
    body = make_rss(make_item("/a").replace("Ferry", title))
    assert read_one(body).title == "A bold é – 2 < 3"


def test_a_feed_without_items_is_empty_and_no_error() -> None:
    for body in (
        make_rss(""),
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title></feed>',
    ):
        assert parse_feed(body, URL).items == ()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"<!DOCTYPE html><html><body>Hello</body></html>", "web page, not a feed"),
        (b"<html><head><title>x</title></head></html>", "web page, not a feed"),
        (b"hello, this is text", "neither RSS, Atom nor JSON Feed"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "neither RSS, Atom nor JSON Feed"),
        (b'<?xml version="1.0"?><urlset><url/></urlset>', "neither RSS, Atom nor JSON Feed"),
        (b"x" * (11 * 1024 * 1024), "larger than"),
    ],
)
def test_what_is_no_feed_gets_one_message_with_the_next_step(body: bytes, message: str) -> None:
    with pytest.raises(FeedError, match=message) as caught:
        parse_feed(body, URL)
    assert URL in str(caught.value)
    assert not caught.value.permanent


def test_a_feed_after_what_a_broken_server_printed_is_read() -> None:
    body = b"Warning: something in line 3\n\n" + make_rss(make_item("/a"))
    assert read_one(body).title == "Ferry"


def test_a_truncated_feed_gives_the_items_that_came_whole() -> None:
    body = make_rss(make_item("/a") + make_item("/b"))
    items = parse_feed(body[: body.rindex(b"<item>") + 20], URL).items
    assert "https://harbour.example/a" in [item.url for item in items]


def test_markup_that_no_xml_parser_takes_is_read_all_the_same() -> None:
    items = make_item("/a?x=1&y=2", "<description>Fish & chips <br> &copy; <b>now</description>")
    assert read_one(make_rss(items)).url == "https://harbour.example/a?x=1&y=2"


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "head",
    [
        BOMB,
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        "<!doctype r [<!entity % x SYSTEM 'http://127.0.0.1/'> %x;]>",
        '<!DOCTYPE r [<!NOTATION a SYSTEM "]>"><!ENTITY x "y">]>',
        '<!-- > --><!DOCTYPE r [<!-- ]> --><!ENTITY x "y">]>',
        "<!DOCTYPE r [" + " " * 100_000,
    ],
)
def test_entities_are_refused_before_any_parser(head: str) -> None:
    started = time.thread_time()
    with pytest.raises(FeedError, match=r"entities|does not end"):
        parse_feed(make_rss(make_item("/a"), "<title>&i;&x;</title>", head), URL)
    assert time.thread_time() - started < 1


def make_attributes(count: int) -> str:
    return " ".join(f"a{number}='1'" for number in range(count))


HOSTILE = {
    "attributes": make_rss(f"<item {make_attributes(100_000)}/>"),
    "attributes behind a quoted mark": make_rss(f'<item x=">" {make_attributes(5000)}/>'),
    "depth": make_rss("<a>" * 100_000),
    "items": make_rss("<item/>" * 20_000),
    "tags": make_rss("<b/>" * 500_000),
    "one tag": make_rss(f'<item x="{"y" * 200_000}"/>'),
    "broken tags": make_rss('<a "' * 200_000),
    "quotation marks": make_rss("<a '\"" * 200_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_refuses_what_would_keep_a_parser_busy(name: str) -> None:
    started = time.thread_time()
    with pytest.raises(FeedError, match="it is not read"):
        parse_feed(HOSTILE[name], URL)
    assert time.thread_time() - started < 5


def test_long_fields_are_cut() -> None:
    body = make_rss(
        make_item("/a", f"<description>{'d' * 200_000}</description>").replace(
            "Ferry", "t" * 50_000
        )
    )
    item = read_one(body)
    assert len(item.title) == 1000
    assert len(item.summary) < 100_000


def test_no_more_than_a_thousand_items_are_kept_in_order() -> None:
    feed = parse_feed(make_rss("".join(make_item(f"/{n}") for n in range(1500))), URL)
    assert len(feed.items) == 1000
    assert feed.items[-1].url.endswith("/999")


def test_a_feed_that_was_read_can_be_sent_to_another_process() -> None:
    feed = parse_feed(make_rss(make_item("/a")), URL)
    assert pickle.loads(pickle.dumps(feed)) == feed


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_a_feed_error(data: bytes) -> None:
    for body in (data, make_rss("<item>") + data, b"{" + data):
        try:
            parse_feed(body, URL)
        except FeedError as error:
            assert URL in str(error)
