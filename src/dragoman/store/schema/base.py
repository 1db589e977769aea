"""What all tables share, and the step that they stand at."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, MetaData

from dragoman.store.columns import KEY

# The step that this program expects. Older stores are taken there when opened, and stores
# at a step that is not listed come from a newer Dragoman.
STEPS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
HEAD = STEPS[-1]

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)


def article_key() -> Column[str]:
    """Refer to an article: the row goes with it when it is purged."""
    target = ForeignKey("articles.id", ondelete="CASCADE")
    return Column("article", KEY, target, primary_key=True)
