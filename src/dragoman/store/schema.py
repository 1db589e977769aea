"""The tables. Records are JSON beside the columns that are queried.

A change here comes with a step in ``migrations/versions``; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from dragoman.store.columns import KEY, Utc, Words

# The step that this program expects. Older stores are taken there when opened, and stores
# at a step that is not listed come from a newer Dragoman.
STEPS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
HEAD = STEPS[-1]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)


def _article_key() -> Column[str]:
    """Refer to an article: the row goes with it when it is purged."""
    target = ForeignKey("articles.id", ondelete="CASCADE")
    return Column("article", KEY, target, primary_key=True)


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
    _article_key(),
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
    _article_key(),
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
    _article_key(),
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
    _article_key(),
    Column("version", KEY, nullable=False),
    Column("vector", LargeBinary, nullable=False),
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
    _article_key(),
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

# -- The desk: who may do what, and what was done -----------------------------------------

desk_users = Table(
    "desk_users",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("role", KEY, nullable=False),
    Column("password", Text, nullable=False),  # Argon2id; empty: comes in by a link alone
    Column("created", Utc, nullable=False),
)


def _user_key() -> Column[str]:
    """Refer to a user: sessions, links and tokens go with them."""
    target = ForeignKey("desk_users.name", ondelete="CASCADE")
    return Column("user", KEY, target, nullable=False)


# Keys are hashes: who reads the database cannot come in with what stands there.
desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("digest", KEY, primary_key=True),
    _user_key(),
    Column("began", Utc, nullable=False),
    Column("proved", Utc, nullable=False),  # when the password or link was given last
    Column("seen", Utc, nullable=False),
    Column("address", Words, nullable=False),
    Column("browser", Words, nullable=False),
    Column("notice", Words, nullable=False),  # what the next page says once
)

desk_links = Table(
    "desk_links",
    metadata,
    Column("digest", KEY, primary_key=True),
    _user_key(),
    Column("expires", Utc, nullable=False),
)

desk_tokens = Table(
    "desk_tokens",
    metadata,
    Column("digest", KEY, primary_key=True),
    _user_key(),
    Column("name", Words, nullable=False),
    Column("scopes", Words, nullable=False),  # parted by spaces
    Column("created", Utc, nullable=False),
    Column("expires", Utc),
    Column("seen", Utc),
)

# Wrong passwords by user and by address, so that a restart forgives nothing.
desk_tries = Table(
    "desk_tries",
    metadata,
    Column("key", KEY, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Utc, nullable=False),
    Column("until", Utc),  # locked until then
    Index("ix_desk_tries_last", "last"),
)

# No foreign key: what was done stays after its user is gone.
desk_audit = Table(
    "desk_audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("user", KEY, nullable=False),
    Column("role", KEY, nullable=False),
    Column("address", Words, nullable=False),
    Column("action", KEY, nullable=False),
    Column("target", Words, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Column("outcome", Words, nullable=False),  # "begun" until the action has ended
    Index("ix_desk_audit_user", "user", "id"),
    Index("ix_desk_audit_action", "action", "id"),
)

# -- Reports of bad translations, and corrections ---------------------------------------------

reports = Table(
    "reports",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("article", KEY, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("into", KEY, nullable=False),
    Column("segment", KEY, nullable=False),  # empty: none in particular
    Column("kind", KEY, nullable=False),
    Column("words", Words, nullable=False),
    Column("suggestion", Words, nullable=False),
    Column("source", Words, nullable=False),  # the sentence, and how it read when reported
    Column("shown", Words, nullable=False),
    Column("times", Integer, nullable=False),
    Column("state", KEY, nullable=False),
    Column("closed", Utc),
    Column("by", KEY, nullable=False),  # who closed it, and why
    Column("reason", Words, nullable=False),
    Index("ix_reports_article", "article", "into", "state"),
    Index("ix_reports_state", "state", "at"),
)

# Today's alone: who reported is known only as a hash with a salt that is gone tomorrow.
report_days = Table(
    "report_days",
    metadata,
    Column("day", KEY, primary_key=True),
    Column("salt", KEY, nullable=False),
    Column("reports", Integer, nullable=False),
)

report_marks = Table(
    "report_marks",
    metadata,
    Column("day", KEY, primary_key=True),
    Column("mark", KEY, primary_key=True),
    Column("reports", Integer, nullable=False),
)

# The public log.
corrections = Table(
    "corrections",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("article", KEY, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("into", KEY, nullable=False),
    Column("segment", KEY, nullable=False),
    Column("is_title", Boolean, nullable=False),
    Column("kind", KEY, nullable=False),
    Column("by", KEY, nullable=False),
    Column("source", Words, nullable=False),
    Column("before", Words, nullable=False),
    Column("after", Words, nullable=False),
    Index("ix_corrections_article", "article", "into", "at"),
    Index("ix_corrections_at", "into", "at", "id"),
)

# -- Search (`search.py`). The index itself is the database's own: see `fulltext.py`. --

# What must be indexed, again or no more. A row is written with what it waits for.
search_waiting = Table(
    "search_waiting",
    metadata,
    Column("article", KEY, primary_key=True),
    Column("into", KEY, primary_key=True),  # empty: the original
    Column("asked", Integer, nullable=False),  # goes up: it changed while it was being read
)

# The texts that are indexed, by the number that they have in the index.
search_documents = Table(
    "search_documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article", KEY, nullable=False),
    Column("into", KEY, nullable=False),
    Column("language", KEY, nullable=False),  # of the text, without region
    Column("original", KEY, nullable=False),  # language of the article, without region
    Column("source", KEY, nullable=False),
    Column("section", KEY, nullable=False),
    Column("at", Utc, nullable=False),
    Column("version", KEY, nullable=False),  # of the analyser
    Index("ix_search_documents_article", "article", "into", unique=True),
    Index("ix_search_documents_version", "version"),
)

# The editions and languages that there are texts of, so that each is asked in its own words.
search_scopes = Table(
    "search_scopes",
    metadata,
    Column("into", KEY, primary_key=True),
    Column("language", KEY, primary_key=True),
)

# The tokens of a text, packed: the index gives none back, and needs them to forget a text.
search_tokens = Table(
    "search_tokens",
    metadata,
    Column("document", Integer, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

# In how many texts of a language a word stands near the top: for what is misspelt.
search_words = Table(
    "search_words",
    metadata,
    Column("language", KEY, primary_key=True),
    Column("word", KEY, primary_key=True),
    Column("documents", Integer, nullable=False),
)

# -- Reading programs keep their state, and others are told by webhook -------------------------

# The one account of reading programs. A new secret ends every login.
readers = Table(
    "readers",
    metadata,
    Column("user", KEY, primary_key=True),
    Column("password", Text, nullable=False),  # Argon2id
    Column("secret", KEY, nullable=False),
)

# An article in an edition, as reading programs know it: its number is when it came, in
# microseconds, so that the order of numbers is the order of arrival.
reader_items = Table(
    "reader_items",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("article", KEY, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False),
    Column("into", KEY, nullable=False),
    Column("is_read", Boolean, nullable=False),
    Column("is_starred", Boolean, nullable=False),
    Index("ix_reader_items_article", "article", "into", unique=True),
    Index("ix_reader_items_into", "into", "number"),
)

# How much of a story or a failing source webhooks were told of.
announced = Table(
    "announced",
    metadata,
    Column("subject", KEY, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", Utc, nullable=False),
)

# What is still to be sent by webhook, and what was given up.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("hook", Words, nullable=False),  # its address
    Column("event", KEY, nullable=False),
    Column("body", Text, nullable=False),
    Column("made", Utc, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try", Utc),  # none: given up
    Column("failure", Words, nullable=False),
    Index("ix_deliveries_due", "next_try", "made"),
)

# -- What linking needs to stay cheap as the archive grows -------------------------------------

# Computed from groupings and articles in the transaction that changes them. Whoever keeps
# centroids asks for what changed after the revision that it has seen.
live_events = Table(
    "live_events",
    metadata,
    Column("event", KEY, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("oldest", Utc, nullable=False),
    Column("newest", Utc, nullable=False),
    Column("members", Integer, nullable=False),  # none: it is gone
    Index("ix_live_events_revision", "revision", "event"),
    Index("ix_live_events_newest", "newest"),
)

# How often names and words stood in the stream of news.
stream_counts = Table(
    "stream_counts",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("counts", LargeBinary, nullable=False),
)
