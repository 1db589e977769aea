"""What linking needs to stay cheap as the archive grows.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
UTC = sa.String(32)


def upgrade() -> None:
    """Create the tables of live events and of the stream's counts, and find members by event."""
    op.create_table(
        "live_events",
        sa.Column("event", KEY, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("oldest", UTC, nullable=False),
        sa.Column("newest", UTC, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("event", name="pk_live_events"),
    )
    op.create_index("ix_live_events_revision", "live_events", ["revision", "event"])
    op.create_index("ix_live_events_newest", "live_events", ["newest"])
    op.create_table(
        "stream_counts",
        sa.Column("name", KEY, nullable=False),
        sa.Column("counts", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_stream_counts"),
    )
    op.create_index("ix_groupings_event", "groupings", ["event"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
