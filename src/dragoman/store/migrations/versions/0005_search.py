"""What readers search is indexed.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables and the index, and ask for every text of an older store."""
    op.create_table(
        "search_waiting",
        sa.Column("article", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("article", "into", name="pk_search_waiting"),
    )
    op.create_table(
        "search_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", KEY, nullable=False),
        sa.Column("into", KEY, nullable=False),
        sa.Column("language", KEY, nullable=False),
        sa.Column("original", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("section", KEY, nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_documents"),
    )
    op.create_index(
        "ix_search_documents_article", "search_documents", ["article", "into"], unique=True
    )
    op.create_index("ix_search_documents_version", "search_documents", ["version"])
    op.create_table(
        "search_scopes",
        sa.Column("into", KEY, nullable=False),
        sa.Column("language", KEY, nullable=False),
        sa.PrimaryKeyConstraint("into", "language", name="pk_search_scopes"),
    )
    op.create_table(
        "search_tokens",
        sa.Column("document", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document", name="pk_search_tokens"),
    )
    op.create_table(
        "search_words",
        sa.Column("language", KEY, nullable=False),
        sa.Column("word", KEY, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("language", "word", name="pk_search_words"),
    )
    _create_index()
    op.execute("INSERT INTO search_waiting SELECT id, '', 1 FROM articles")
    op.execute(
        'INSERT INTO search_waiting SELECT article, "into", 1 FROM translations '
        "WHERE status = 'done'"
    )


def _create_index() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE search_index (id INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_search_index_words ON search_index USING gin (words)")
        return
    # Tokens come analysed: this tokenizer leaves every letter alone, and the two marks.
    op.execute(
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "title, body, title_words, body_words, content='', "
        "tokenize=\"ascii tokenchars '~='\")"
    )


def downgrade() -> None:
    """Refuse: going back would lose what was relayed."""
    raise NotImplementedError("restore a backup instead")
