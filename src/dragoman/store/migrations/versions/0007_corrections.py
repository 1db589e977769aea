"""Readers report translations, and corrections are logged.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


UTC = sa.String(32)


def _article() -> sa.Column[str]:
    target = sa.ForeignKey("articles.id", ondelete="CASCADE")
    return sa.Column("article", KEY, target, nullable=False)


def upgrade() -> None:
    """Create the tables, and say beside each translation what the gate said of it."""
    op.create_table(
        "reports",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("at", UTC, nullable=False),
        _article(),
        sa.Column("into", KEY, nullable=False),
        sa.Column("segment", KEY, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("suggestion", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("state", KEY, nullable=False),
        sa.Column("closed", UTC),
        sa.Column("by", KEY, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("ix_reports_article", "reports", ["article", "into", "state"])
    op.create_index("ix_reports_state", "reports", ["state", "at"])
    op.create_table(
        "report_days",
        sa.Column("day", KEY, primary_key=True),
        sa.Column("salt", KEY, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
    )
    op.create_table(
        "report_marks",
        sa.Column("day", KEY, primary_key=True),
        sa.Column("mark", KEY, primary_key=True),
        sa.Column("reports", sa.Integer, nullable=False),
    )
    _create_log()
    _add_verdicts()


def _create_log() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("at", UTC, nullable=False),
        _article(),
        sa.Column("into", KEY, nullable=False),
        sa.Column("segment", KEY, nullable=False),
        sa.Column("is_title", sa.Boolean, nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("by", KEY, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
    )
    op.create_index("ix_corrections_article", "corrections", ["article", "into", "at"])
    op.create_index("ix_corrections_at", "corrections", ["into", "at", "id"])


def _add_verdicts() -> None:
    column = sa.Column("verdict", KEY, nullable=False, server_default="")
    op.add_column("translations", column)
    table = sa.table(
        "translations", sa.column("verdict"), sa.column("status"), sa.column("record", sa.Text)
    )
    # Quotation marks inside a text are escaped in JSON, so that no article can look like this.
    is_doubted = sa.or_(
        table.c.record.contains('"verdict":"mark"', autoescape=True),
        table.c.record.contains('"verdict":"hold"', autoescape=True),
    )
    found = sa.case(
        (table.c.status == "held", "hold"),
        (table.c.status != "done", ""),
        (is_doubted, "mark"),
        else_="publish",
    )
    op.execute(sa.update(table).values(verdict=found))
    op.create_index("ix_translations_verdict", "translations", ["verdict", "into", "article"])


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
