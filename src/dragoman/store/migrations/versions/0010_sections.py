"""Articles and stories know their section.

Revision ID: 0010
"""

import json
from collections import Counter

import sqlalchemy as sa
from alembic import op

from dragoman.sections import choose_section, find_section

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
BATCH = 500


def upgrade() -> None:
    """Add the columns, and fill them from what publishers said."""
    for table in ("articles", "stories"):
        op.add_column(table, sa.Column("section", KEY, nullable=False, server_default=""))
    op.create_index("ix_stories_section", "stories", ["section", "newest", "id"])
    connection = op.get_bind()
    _fill_articles(connection)
    _fill_stories(connection)


def _fill_articles(connection: sa.Connection) -> None:
    last = ""
    query = sa.text("SELECT id, record FROM articles WHERE id > :last ORDER BY id LIMIT :batch")
    write = sa.text("UPDATE articles SET section = :section WHERE id = :id")
    while rows := connection.execute(query, {"last": last, "batch": BATCH}).all():
        last = rows[-1].id
        found = [{"id": row.id, "section": _section_of(row.record)} for row in rows]
        if known := [one for one in found if one["section"]]:
            connection.execute(write, known)


def _section_of(record: str) -> str:
    try:
        article = json.loads(record)
        return find_section(str(article.get("section", "")), str(article.get("url", "")))
    except (ValueError, AttributeError):  # a damaged row stays without
        return ""


def _fill_stories(connection: sa.Connection) -> None:
    query = sa.text(
        "SELECT g.story, a.section, COUNT(*) AS reports FROM groupings g "
        "JOIN articles a ON a.id = g.article WHERE a.section <> '' GROUP BY g.story, a.section"
    )
    counts: dict[str, Counter[str]] = {}
    for row in connection.execute(query):
        counts.setdefault(row.story, Counter())[row.section] = row.reports
    found = [{"id": id, "section": choose_section(one)} for id, one in counts.items()]
    if found:
        connection.execute(sa.text("UPDATE stories SET section = :section WHERE id = :id"), found)


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
