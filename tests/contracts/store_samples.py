"""Records to put into a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dragoman import store
from dragoman.store import Store
from dragoman.types import (
    Article,
    Block,
    BlockKind,
    Check,
    Dating,
    Evidence,
    FeedItem,
    Grouping,
    Image,
    MemoryUnit,
    Moment,
    Page,
    Precision,
    Reading,
    Segment,
    Source,
    SourceState,
    Span,
    SpanKind,
    Text,
    TranslatedSegment,
    Translation,
    TranslationStatus,
    Verdict,
)

NOW = datetime(2026, 3, 4, 5, 6, 7, 891234, tzinfo=UTC)
HOUR = timedelta(hours=1)

HARBOUR = Source("harbour", "https://harbour.example/feed", "The Harbour", "en", "IE", added=NOW)


def make_entry(number: int = 1, **fields: Any) -> FeedItem:
    entry = FeedItem(
        f"https://harbour.example/{number}",
        guid=f"harbour:{number}",
        title=f"Ferry {number} sails",
        published=NOW - HOUR,
    )
    return replace(entry, **fields)


def make_reading(*entries: FeedItem) -> Reading:
    return Reading("harbour", "https://harbour.example/feed", items=entries)


def read(db: Store, *entries: FeedItem, now: datetime = NOW) -> store.items.ItemChanges:
    """Put a reading of these entries; the ids are the last part of the address."""
    ids = {entry.url: name(entry.url) for entry in entries}
    return store.items.put_reading(
        db, make_reading(*entries), SourceState("harbour", last_poll=now), ids, now
    )


def name(url: str) -> str:
    return f"a{url.rpartition('/')[2]}"


def make_page(id: str = "a1", body: bytes = b"<p>The ferry sails.</p>", **fields: Any) -> Page:
    page = Page(
        url=f"https://harbour.example/{id[1:]}",
        final_url=f"https://harbour.example/{id[1:]}",
        fetched=NOW,
        status=200,
        body=body,
        charset="utf-8",
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", '"x"')),
        id=id,
        source="harbour",
        item=make_entry(int(id[1:])),
    )
    return replace(page, **fields)


def make_article(id: str = "a1", text: str = "The ferry sails.", **fields: Any) -> Article:
    moment = Moment(NOW - HOUR, Precision.MINUTE)
    link = Span(SpanKind.LINK, 4, 9, "https://harbour.example/ferry")
    article = Article(
        id=id,
        source="harbour",
        url=f"https://harbour.example/{id[1:]}",
        language="en",
        title=f"Ferry {id[1:]} sails",
        blocks=(
            Block(BlockKind.PARAGRAPH, (Text(text, (link,)),)),
            Block(
                BlockKind.IMAGE, (Text("The quay"),), image=Image("https://i.example/q", "", "X")
            ),
        ),
        published=Dating(moment, (Evidence("json-ld", "2026-03-04T04:06Z", moment),)),
        first_seen=NOW,
        digest=f"digest of {text}",
    )
    return replace(article, **fields)


def make_translation(id: str = "a1", into: str = "pt", **fields: Any) -> Translation:
    segment = Segment("s1", -1, 0, 0, 5, "Ferry")
    found = Check("length", Verdict.MARK, "much shorter than the original")
    translation = Translation(
        article=id,
        revision=1,
        language="en",
        into=into,
        status=TranslationStatus.DONE,
        title="A balsa parte",
        segments=(TranslatedSegment(segment, "Balsa", checks=(found,)),),
        made=NOW,
    )
    return replace(translation, **fields)


def make_unit(key: str, target: str, **fields: Any) -> MemoryUnit:
    unit = MemoryUnit(key, "The ferry sails.", target, "en", "pt", "en>pt (firefox)")
    return replace(unit, **fields)


def put_articles(db: Store, *ids: str, **fields: Any) -> None:
    for id in ids:
        store.articles.put_article(db, make_article(id, **fields), "1")


def finish(db: Store, id: str = "a1", revision: int = 1) -> None:
    """Translate and link an article."""
    store.translations.put_translation(db, make_translation(id, revision=revision), "1", ())
    store.stories.put_vectors(db, {id: b"1234"}, "1")
    store.stories.put_links(db, [], [Grouping(id, id, id)], "1", [id])
