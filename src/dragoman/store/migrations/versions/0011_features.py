"""What linking reads of a text is kept beside its vector.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; where it is empty the text is read again."""
    op.add_column("vectors", sa.Column("features", sa.LargeBinary))


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
