"""What the pages of a host teach is kept, and learnt page by page.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table of lessons."""
    op.create_table(
        "lessons",
        sa.Column("host_key", KEY, nullable=False),
        sa.Column("drifted", sa.String(32)),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("host_key", name="pk_lessons"),
    )
    op.create_index("ix_lessons_drifted", "lessons", ["drifted"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
