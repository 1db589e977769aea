"""The desk has users, sessions and an audit log.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
UTC = sa.String(32)


def _user(table: str) -> sa.Column[str]:
    name = f"fk_{table}_user_desk_users"
    target = sa.ForeignKey("desk_users.name", name=name, ondelete="CASCADE")
    return sa.Column("user", KEY, target, nullable=False)


def upgrade() -> None:
    """Create the tables, and the indexes that their lists need."""
    _add_people()
    _add_tries_and_audit()


def _add_people() -> None:
    op.create_table(
        "desk_users",
        sa.Column("name", KEY, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created", UTC, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_desk_users"),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("digest", KEY, nullable=False),
        _user("desk_sessions"),
        sa.Column("began", UTC, nullable=False),
        sa.Column("proved", UTC, nullable=False),
        sa.Column("seen", UTC, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("browser", sa.Text, nullable=False),
        sa.Column("notice", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_desk_sessions"),
    )
    op.create_table(
        "desk_links",
        sa.Column("digest", KEY, nullable=False),
        _user("desk_links"),
        sa.Column("expires", UTC, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_desk_links"),
    )
    op.create_table(
        "desk_tokens",
        sa.Column("digest", KEY, nullable=False),
        _user("desk_tokens"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("created", UTC, nullable=False),
        sa.Column("expires", UTC),
        sa.Column("seen", UTC),
        sa.PrimaryKeyConstraint("digest", name="pk_desk_tokens"),
    )


def _add_tries_and_audit() -> None:
    op.create_table(
        "desk_tries",
        sa.Column("key", KEY, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last", UTC, nullable=False),
        sa.Column("until", UTC),
        sa.PrimaryKeyConstraint("key", name="pk_desk_tries"),
    )
    op.create_index("ix_desk_tries_last", "desk_tries", ["last"])
    op.create_table(
        "desk_audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.Column("user", KEY, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("action", KEY, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_audit"),
    )
    op.create_index("ix_desk_audit_user", "desk_audit", ["user", "id"])
    op.create_index("ix_desk_audit_action", "desk_audit", ["action", "id"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
