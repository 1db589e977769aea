"""Reading programs keep their state, and others are told by webhook.

Revision ID: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables of reading programs and of webhooks."""
    op.create_table(
        "readers",
        sa.Column("user", KEY, nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("secret", KEY, nullable=False),
        sa.PrimaryKeyConstraint("user", name="pk_readers"),
    )
    _create_items()
    op.create_table(
        "announced",
        sa.Column("subject", KEY, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_announced"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("hook", sa.Text(), nullable=False),
        sa.Column("event", KEY, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.String(32)),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["next_try", "made"])


def _create_items() -> None:
    op.create_table(
        "reader_items",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("is_starred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"],
            ["articles.id"],
            name="fk_reader_items_article_articles",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_reader_items"),
    )
    op.create_index("ix_reader_items_article", "reader_items", ["article", "into"], unique=True)
    op.create_index("ix_reader_items_into", "reader_items", ["into", "number"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
