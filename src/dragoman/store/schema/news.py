"""The news and what is made of it: from sources to stories, and the checkpoints."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text

from dragoman.store.columns import KEY, Utc, Words
from dragoman.store.schema.base import article_key, metadata

sources = Table(
    "sources",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("is_removed", Boolean, nullable=False),
    Column("record", Text, nullable=False),
)

source_states = Table(
    "source_states",
    metadata,
    Column("source", KEY, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    Column("next_poll", Utc),
    Column("record", Text, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", KEY, nullable=False),
    Column("guid_key", KEY, nullable=False),
    Column("first_seen", Utc, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_items_source_guid", "source", "guid_key"),
    Index("ix_items_seen", "first_seen", "id"),
)

# The body stands last: SQLite reads the columns before it without touching its pages.
pages = Table(
    "pages",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", KEY, nullable=False),
    Column("host", Words, nullable=False),
    Column("fetched", Utc, nullable=False),
    Column("digest", KEY, nullable=False),
    Column("record", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_pages_host", "host", "fetched", "id"),
    Index("ix_pages_fetched", "fetched", "id"),
    Index("ix_pages_source", "source"),
)

# What the pages of a host taught of its layout.
lessons = Table(
    "lessons",
    metadata,
    Column("host_key", KEY, primary_key=True),
    Column("drifted", Utc),
    Column("record", Text, nullable=False),
    Index("ix_lessons_drifted", "drifted"),
)

articles = Table(
    "articles",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", KEY, nullable=False),
    Column("url_key", KEY, nullable=False),
    Column("language", KEY, nullable=False),  # without script and region
    Column("at", Utc, nullable=False),  # what lists are ordered by
    Column("first_seen", Utc, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", KEY, nullable=False),
    Column("record", Text, nullable=False),
    Column("section", KEY, nullable=False, server_default=""),  # of our small set, or empty
    Index("ix_articles_at", "at", "id"),
    Index("ix_articles_source", "source", "at", "id"),
    Index("ix_articles_language", "language", "at", "id"),
    Index("ix_articles_seen", "first_seen", "id", "language"),
    Index("ix_articles_url", "url_key"),
)

# Revisions before the present one.
revisions = Table(
    "revisions",
    metadata,
    article_key(),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("replaced", Utc, nullable=False),
    Column("record", Text, nullable=False),
)

# No foreign key: a takedown outlives the article, and blocks its address.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("article", KEY, primary_key=True),
    Column("url", Words, nullable=False),
    Column("url_key", KEY, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("is_blocked", Boolean, nullable=False),
    Index("ix_withdrawals_url", "url_key"),
)

translations = Table(
    "translations",
    metadata,
    article_key(),
    Column("into", KEY, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("language", KEY, nullable=False),
    Column("status", KEY, nullable=False),
    # The route of a gist, so that those which a better route would replace are found at once.
    Column("gist", KEY, nullable=False, server_default=""),
    Column("verdict", KEY, nullable=False, server_default=""),  # the gate's
    Column("record", Text, nullable=False),
    Index("ix_translations_verdict", "verdict", "into", "article"),
    Index("ix_translations_pair", "language", "into", "status", "article"),
    Index("ix_translations_gist", "gist", "language", "into", "article"),
)

# What a translation replaced: a campaign keeps the old beside the new.
former_translations = Table(
    "former_translations",
    metadata,
    article_key(),
    Column("into", KEY, primary_key=True),
    Column("made", Utc, primary_key=True),
    Column("record", Text, nullable=False),
)

# Source and languages are empty in rows written before step 0002.
memory = Table(
    "memory",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("target", Words, nullable=False),
    Column("updated", Utc, nullable=False),
    Column("source", Words, nullable=False, server_default=""),
    Column("language", KEY, nullable=False, server_default=""),
    Column("into", KEY, nullable=False, server_default=""),
    Column("origin", KEY, nullable=False, server_default=""),  # a route, or where it came from
)

glossary = Table(
    "glossary",
    metadata,
    Column("language", KEY, primary_key=True),
    Column("into", KEY, primary_key=True),
    Column("term_key", KEY, primary_key=True),
    Column("term", Words, nullable=False),
    Column("translation", Words, nullable=False),  # empty: stays as it is written
    Column("is_cased", Boolean, nullable=False),
    Column("note", Words, nullable=False),
    Column("updated", Utc, nullable=False),
)

# How native reports write a name that reports in another language write otherwise.
spellings = Table(
    "spellings",
    metadata,
    Column("language", KEY, primary_key=True),
    Column("into", KEY, primary_key=True),
    Column("name", KEY, primary_key=True),
    Column("spelling", KEY, primary_key=True),
    Column("reports", Integer, nullable=False),  # how many native ones wrote it so
    Column("updated", Utc, nullable=False),
)

# How articles of a language write a word inside their sentences: names and acronyms.
forms = Table(
    "forms",
    metadata,
    Column("language", KEY, primary_key=True),
    Column("word", KEY, primary_key=True),  # small
    Column("form", KEY, primary_key=True),
    Column("articles", Integer, nullable=False),
)

# What engines did, by month, for counts, costs and caps.
usage = Table(
    "usage",
    metadata,
    Column("month", KEY, primary_key=True),  # like 2026-11, UTC
    Column("engine", KEY, primary_key=True),
    Column("source", KEY, primary_key=True),
    Column("words", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cost", Float, nullable=False),
)

vectors = Table(
    "vectors",
    metadata,
    article_key(),
    Column("version", KEY, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("features", LargeBinary),  # what linking read of the text; its own form
)

# A pair has one judgement, whichever of the two it was made from: low < high.
judgements = Table(
    "judgements",
    metadata,
    Column("low", KEY, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("high", KEY, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("is_ours", Boolean, nullable=False),  # false: a person decided
    Column("record", Text, nullable=False),
    Index("ix_judgements_high", "high"),
)

groupings = Table(
    "groupings",
    metadata,
    article_key(),
    Column("event", KEY, nullable=False),
    Column("story", KEY, nullable=False),
    Column("copy_of", KEY, nullable=False),
    Index("ix_groupings_story", "story"),
    Index("ix_groupings_event", "event"),
)

# Computed from groupings and articles in the transaction that changes them.
stories = Table(
    "stories",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("newest", Utc, nullable=False),
    Column("oldest", Utc, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("languages", Integer, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("section", KEY, nullable=False, server_default=""),
    Index("ix_stories_newest", "newest", "id"),
    Index("ix_stories_section", "section", "newest", "id"),
)

# Where a story went that was merged into another.
aliases = Table(
    "aliases",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("story", KEY, nullable=False),
    Index("ix_aliases_story", "story"),
)

# The checkpoints. No row: the stage was never tried, or must be done again.
work = Table(
    "work",
    metadata,
    Column("article", KEY, primary_key=True),
    Column("stage", KEY, primary_key=True),
    Column("into", KEY, primary_key=True),
    Column("version", KEY, nullable=False),
    Column("state", KEY, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Utc),
    Column("failure", Text),
    Column("updated", Utc, nullable=False),
    Index("ix_work_due", "stage", "state", "next_try"),
    Index("ix_work_state", "state", "updated"),
)
