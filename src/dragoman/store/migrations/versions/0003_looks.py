"""Pages are looked at again: find those that are due without walking over all.

Revision ID: 0003
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the index of checkpoints order them by when they are due."""
    op.create_index("ix_work_due", "work", ["stage", "state", "next_try"])
    op.drop_index("ix_work_stage", table_name="work")


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
