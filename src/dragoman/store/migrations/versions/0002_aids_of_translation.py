"""What translation leans on: glossary, spellings, forms; what it costs; what it replaced.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
UTC = sa.String(32)


def upgrade() -> None:
    """Create the tables, and give the memory its sources."""
    for name in ("source", "language", "into", "origin"):
        kind = sa.Text() if name == "source" else KEY
        op.add_column("memory", sa.Column(name, kind, nullable=False, server_default=""))
    _tell_gists()
    op.create_table(
        "former_translations",
        sa.Column("article", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("made", UTC, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.id"],
            name="fk_former_translations_article_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", "into", "made", name="pk_former_translations"),
    )
    op.create_table(
        "glossary",
        sa.Column("language", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("term_key", KEY, nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("translation", sa.Text(), nullable=False),
        sa.Column("is_cased", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated", UTC, nullable=False),
        sa.PrimaryKeyConstraint("language", "into", "term_key", name="pk_glossary"),
    )
    op.create_table(
        "spellings",
        sa.Column("language", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("spelling", KEY, nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("updated", UTC, nullable=False),
        sa.PrimaryKeyConstraint("language", "into", "name", "spelling", name="pk_spellings"),
    )
    op.create_table(
        "forms",
        sa.Column("language", KEY, nullable=False),
        sa.Column("word", KEY, nullable=False),
        sa.Column("form", KEY, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", "form", name="pk_forms"),
    )
    op.create_table(
        "usage",
        sa.Column("month", KEY, nullable=False),
        sa.Column("engine", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cost", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("month", "engine", "source", name="pk_usage"),
    )


def _tell_gists() -> None:
    op.add_column("translations", sa.Column("gist", KEY, nullable=False, server_default=""))
    # Which route it was is in the record; that it was one is enough to be translated again.
    op.execute("UPDATE translations SET gist = 'earlier' WHERE record LIKE '%\"kind\":\"rules\"%'")
    op.create_index("ix_translations_gist", "translations", ["gist", "language", "into", "article"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
