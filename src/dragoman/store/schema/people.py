"""People and their programs: the desk, reports and corrections, readers, webhooks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text

from dragoman.store.columns import KEY, Utc, Words
from dragoman.store.schema.base import metadata

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
