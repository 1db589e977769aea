"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As they were at this step: later changes of the program must not change the past.
KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
UTC = sa.String(32)


def upgrade() -> None:
    """Create every table."""
    _create_sources()
    _create_articles()
    _create_translations()
    _create_stories()
    _create_work()


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", KEY, nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_table(
        "source_states",
        sa.Column("source", KEY, nullable=False),
        sa.Column("next_poll", UTC, nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.id"], name="fk_source_states_source_sources", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", name="pk_source_states"),
    )
    op.create_table(
        "items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("guid_key", KEY, nullable=False),
        sa.Column("first_seen", UTC, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
    )
    op.create_index("ix_items_seen", "items", ["first_seen", "id"])
    op.create_index("ix_items_source_guid", "items", ["source", "guid_key"])


def _create_articles() -> None:
    op.create_table(
        "pages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("fetched", UTC, nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
    )
    op.create_index("ix_pages_fetched", "pages", ["fetched", "id"])
    op.create_index("ix_pages_host", "pages", ["host", "fetched", "id"])
    op.create_index("ix_pages_source", "pages", ["source"])
    op.create_table(
        "articles",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("url_key", KEY, nullable=False),
        sa.Column("language", KEY, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("first_seen", UTC, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
    )
    op.create_index("ix_articles_at", "articles", ["at", "id"])
    op.create_index("ix_articles_language", "articles", ["language", "at", "id"])
    op.create_index("ix_articles_seen", "articles", ["first_seen", "id", "language"])
    op.create_index("ix_articles_source", "articles", ["source", "at", "id"])
    op.create_index("ix_articles_url", "articles", ["url_key"])
    op.create_table(
        "revisions",
        sa.Column("article", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replaced", UTC, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name="fk_revisions_article_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "revision", name="pk_revisions"),
    )
    op.create_table(
        "withdrawals",
        sa.Column("article", KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_key", KEY, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("article", name="pk_withdrawals"),
    )
    op.create_index("ix_withdrawals_url", "withdrawals", ["url_key"])


def _create_translations() -> None:
    op.create_table(
        "translations",
        sa.Column("article", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("language", KEY, nullable=False),
        sa.Column("status", KEY, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.id"],
            name="fk_translations_article_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article", "into", name="pk_translations"),
    )
    op.create_index(
        "ix_translations_pair", "translations", ["language", "into", "status", "article"]
    )
    op.create_table(
        "memory",
        sa.Column("key", KEY, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("updated", UTC, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_memory"),
    )


def _create_stories() -> None:
    op.create_table(
        "vectors",
        sa.Column("article", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name="fk_vectors_article_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", name="pk_vectors"),
    )
    op.create_table(
        "judgements",
        sa.Column("low", KEY, nullable=False),
        sa.Column("high", KEY, nullable=False),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["high"], ["articles.id"], name="fk_judgements_high_articles", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["low"], ["articles.id"], name="fk_judgements_low_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("low", "high", name="pk_judgements"),
    )
    op.create_index("ix_judgements_high", "judgements", ["high"])
    op.create_table(
        "groupings",
        sa.Column("article", KEY, nullable=False),
        sa.Column("event", KEY, nullable=False),
        sa.Column("story", KEY, nullable=False),
        sa.Column("copy_of", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["articles.id"], name="fk_groupings_article_articles", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", name="pk_groupings"),
    )
    op.create_index("ix_groupings_story", "groupings", ["story"])
    op.create_table(
        "stories",
        sa.Column("id", KEY, nullable=False),
        sa.Column("newest", UTC, nullable=False),
        sa.Column("oldest", UTC, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("languages", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
    )
    op.create_index("ix_stories_newest", "stories", ["newest", "id"])
    op.create_table(
        "aliases",
        sa.Column("id", KEY, nullable=False),
        sa.Column("story", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_aliases"),
    )
    op.create_index("ix_aliases_story", "aliases", ["story"])


def _create_work() -> None:
    op.create_table(
        "work",
        sa.Column("article", KEY, nullable=False),
        sa.Column("stage", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", UTC, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("updated", UTC, nullable=False),
        sa.PrimaryKeyConstraint("article", "stage", "into", name="pk_work"),
    )
    op.create_index("ix_work_stage", "work", ["stage", "state"])
    op.create_index("ix_work_state", "work", ["state", "updated"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
