"""Every feed against a grammar of its format: what must be there, where, and how it is spelt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import feedparser
import pytest
from lxml import etree

from dragoman.store import Store, open_store
from tests.web import newsroom as news
from tests.web.conftest import Site

ADDRESSES = (
    "/en/",
    "/ar/",
    "/en/story/ferry-story/",
    "/pt/source/folha/",
    "/fr/source/quai/",
    "/en/section/other/",
)

# RFC 4287: elements in any order, each as often as it may stand; what others add is let through.
ATOM = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="http://www.w3.org/2005/Atom"
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="feed"><ref name="common"/><interleave>
    <ref name="id"/><ref name="title"/><ref name="updated"/>
    <optional><ref name="subtitle"/></optional>
    <oneOrMore><ref name="author"/></oneOrMore>
    <oneOrMore><ref name="link"/></oneOrMore>
    <zeroOrMore><ref name="entry"/></zeroOrMore>
    <ref name="others"/>
  </interleave></element></start>
  <define name="entry"><element name="entry"><ref name="common"/><interleave>
    <ref name="id"/><ref name="title"/><ref name="updated"/>
    <optional><element name="published"><ref name="time"/></element></optional>
    <oneOrMore><ref name="author"/></oneOrMore>
    <oneOrMore><ref name="link"/></oneOrMore>
    <optional><element name="summary"><ref name="words"/></element></optional>
    <optional><element name="content"><ref name="words"/></element></optional>
    <optional><element name="rights"><ref name="words"/></element></optional>
    <optional><element name="source"><interleave>
      <ref name="id"/><ref name="title"/><ref name="updated"/>
    </interleave></element></optional>
    <ref name="others"/>
  </interleave></element></define>
  <define name="id"><element name="id"><data type="anyURI">
    <param name="pattern">[a-z]+:.+</param></data></element></define>
  <define name="title"><element name="title"><ref name="words"/></element></define>
  <define name="subtitle"><element name="subtitle"><ref name="words"/></element></define>
  <define name="updated"><element name="updated"><ref name="time"/></element></define>
  <define name="author"><element name="author">
    <element name="name"><text/></element></element></define>
  <define name="link"><element name="link">
    <attribute name="href" ns=""><data type="anyURI"/></attribute>
    <attribute name="rel" ns=""><choice><value>self</value><value>alternate</value>
      <value>via</value></choice></attribute>
    <attribute name="type" ns=""><data type="string">
      <param name="pattern">.+/.+</param></data></attribute>
    <optional><attribute name="hreflang" ns=""><data type="language"/></attribute></optional>
  </element></define>
  <define name="words"><optional><attribute name="type" ns=""><choice><value>text</value>
    <value>html</value></choice></attribute></optional><text/></define>
  <define name="time"><data type="dateTime"><param name="pattern">.+Z</param></data></define>
  <define name="common"><optional><attribute name="xml:lang">
    <data type="language"/></attribute></optional></define>
  <define name="others"><zeroOrMore><ref name="other"/></zeroOrMore></define>
  <define name="other"><element><anyName><except><nsName/></except></anyName>
    <ref name="anything"/></element></define>
  <define name="anything"><zeroOrMore><choice><attribute><anyName/></attribute><text/>
    <element><anyName/><ref name="anything"/></element></choice></zeroOrMore></define>
</grammar>
"""

# RSS 2.0: a channel has a title, a link and a description; an item a title or a description.
RSS = """
<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns=""
    datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start><element name="rss"><attribute name="version"><value>2.0</value></attribute>
    <element name="channel"><interleave>
      <element name="title"><text/></element>
      <element name="link"><data type="anyURI"/></element>
      <element name="description"><text/></element>
      <optional><element name="language"><data type="language"/></element></optional>
      <optional><element name="lastBuildDate"><ref name="date"/></element></optional>
      <zeroOrMore><ref name="item"/></zeroOrMore>
      <ref name="others"/>
    </interleave></element></element></start>
  <define name="item"><element name="item"><interleave>
    <element name="title"><text/></element>
    <element name="link"><data type="anyURI"/></element>
    <element name="guid"><attribute name="isPermaLink"><value>false</value></attribute>
      <text/></element>
    <element name="description"><text/></element>
    <optional><element name="pubDate"><ref name="date"/></element></optional>
    <optional><element name="source"><attribute name="url"><data type="anyURI"/></attribute>
      <text/></element></optional>
    <ref name="others"/>
  </interleave></element></define>
  <define name="date"><data type="string"><param name="pattern">DATE</param></data></define>
  <define name="others"><zeroOrMore><element><anyName><except><nsName/></except></anyName>
    <ref name="anything"/></element></zeroOrMore></define>
  <define name="anything"><zeroOrMore><choice><attribute><anyName/></attribute><text/>
    <element><anyName/><ref name="anything"/></element></choice></zeroOrMore></define>
</grammar>
"""
DATE = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000"
GRAMMARS = {"atom": ATOM, "rss": RSS.replace("DATE", DATE)}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        with_other_section(db)
        yield Site(db)


def with_other_section(db: Store) -> None:
    """Let a story have a section, so that there are any."""
    with db.write() as connection:
        connection.exec_driver_sql(
            "UPDATE stories SET section = 'economy' WHERE id = 'budget-story'"
        )


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("address", (*ADDRESSES, "/en/section/economy/"))
def test_every_xml_feed_keeps_to_its_grammar(site: Site, address: str, form: str) -> None:
    body = site.get(f"{address}feed.{form}").body
    grammar = etree.RelaxNG(etree.fromstring(GRAMMARS[form]))
    assert grammar.validate(etree.fromstring(body)), grammar.error_log
    assert not feedparser.parse(body).bozo


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_the_grammar_sees_what_is_wrong(site: Site, form: str) -> None:
    grammar = etree.RelaxNG(etree.fromstring(GRAMMARS[form]))
    whole = site.text(f"/en/feed.{form}")
    for wrong in (
        whole.replace("<title>", "<name>").replace("</title>", "</name>"),
        re.sub(r"<(updated|pubDate)>[^<]+<", r"<\1>yesterday<", whole),
        re.sub(r"<(link|id)\b.*?(/>|</\1>)", "", whole),
    ):
        assert not grammar.validate(etree.fromstring(wrong.encode()))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_json_feed_has_the_types_of_its_version(site: Site, address: str) -> None:
    feed = json.loads(site.text(f"{address}feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    for key in ("title", "home_page_url", "feed_url", "description", "language"):
        assert isinstance(feed[key], str)
    assert feed["feed_url"].endswith(f"{address}feed.json")
    ids = [item["id"] for item in feed["items"]]
    assert ids
    assert len(ids) == len(set(ids))
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["url"].startswith("https://")
        assert ("content_html" in item) != ("content_text" in item)
        assert all(author["name"] for author in item["authors"])
        for key in ("date_published", "date_modified"):
            assert TIME.fullmatch(item.get(key, "2026-11-20T12:00:00Z"))
        known = {"id", "url", "external_url", "title", "language", "summary", "authors"}
        known |= {"content_html", "content_text", "date_published", "date_modified", "_dragoman"}
        assert set(item) <= known
