"""Every store: made, brought up to date, and refused when it is too new."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from dragoman import store
from dragoman.errors import StoreError
from dragoman.store import Store, open_store
from dragoman.store.opening import MIGRATIONS
from dragoman.store.schema import HEAD, STEPS, metadata
from tests.contracts.store_samples import make_article, put_articles
from tests.postgresql import Server

# Of an article that was not taken out yet: the page of one that was may go when it is old.
FETCHED = (
    'INSERT INTO work (article, stage, "into", version, state, attempts, updated) '
    "VALUES ('a9', 'fetch', '', '1', 'done', 1, '2026-03-04T05:06:07.000000+00:00')"
)


def is_of_index(name: str | None) -> bool:
    return (name or "").startswith(("search_index", "ix_search_index"))


def test_the_migrations_make_the_tables_that_the_program_expects(db: Store) -> None:
    with db.read() as connection:
        # The index of search is the database's own, with tables that it makes for itself.
        opts = {"compare_type": True, "include_name": lambda name, *_: not is_of_index(name)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        # Alembic compares neither primary keys nor what a deletion takes along.
        found = inspect(connection)
        for table in metadata.tables.values():
            keys = [column.name for column in table.primary_key]
            assert found.get_pk_constraint(table.name)["constrained_columns"] == keys
            cascades = {
                (key["constrained_columns"][0], key["referred_table"], key["options"]["ondelete"])
                for key in found.get_foreign_keys(table.name)
            }
            assert cascades == {
                (key.parent.name, key.column.table.name, key.ondelete) for key in table.foreign_keys
            }


def test_the_program_knows_every_step_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == HEAD
    assert [step.revision for step in scripts.walk_revisions()][::-1] == list(STEPS)


def test_a_store_that_is_opened_again_holds_what_was_put(shared_url: str) -> None:
    with open_store(shared_url) as first:
        put_articles(first, "a1")
    with open_store(shared_url, create=False) as again:
        assert store.articles.article(again, "a1") == make_article()
        assert store.check(again) == []


def test_a_store_of_a_newer_dragoman_is_refused(shared_db: Store, shared_url: str) -> None:
    with shared_db.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(StoreError, match=r"written by a newer Dragoman \(schema 0999, this one"):
        open_store(shared_url)


def test_a_database_of_something_else_is_left_alone(shared_db: Store, shared_url: str) -> None:
    with shared_db.write() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(StoreError, match="is a database of something else; name another"):
        open_store(shared_url)


def test_a_server_that_keeps_text_in_another_encoding_is_refused(postgresql: Server) -> None:
    postgresql.do(
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc"
    )
    with pytest.raises(StoreError, match=r"keeps text as LATIN1.*createdb --encoding=UTF8"):
        open_store(postgresql.address("latin"))


def test_a_fresh_store_has_nothing_wrong_with_it(db: Store) -> None:
    assert store.check(db) == []
    counts = store.work.counts(db)
    assert counts["work"] == {"fetch": {}, "extract": {}, "translate": {}, "link": {}}
    assert counts["sources"] == counts["items"] == counts["pages"] == 0


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (FETCHED, "1 fetched pages are missing"),
        ("DELETE FROM translations", "1 finished translations are missing or of an older"),
        ("UPDATE articles SET revision = 2", "1 articles lack some of their revisions"),
        ("UPDATE stories SET articles = 7", "1 stories do not agree with their members"),
        ("DELETE FROM stories", "1 stories do not agree with their members"),
        ("INSERT INTO aliases VALUES ('x', 'nowhere')", "1 ids of merged stories lead nowhere"),
    ],
)
def test_the_check_names_what_does_not_agree(relayed: Store, damage: str, words: str) -> None:
    assert store.check(relayed) == []
    with relayed.write() as connection:
        connection.execute(text(damage))
    assert [found[: len(words)] for found in store.check(relayed)][-1:] == [words]


def test_the_check_names_a_page_that_cannot_be_unpacked(relayed: Store) -> None:
    with relayed.write() as connection:
        connection.execute(text("UPDATE pages SET body = :body"), {"body": b"no zlib"})
    (found,) = store.check(relayed)
    assert found.startswith("the stored page of a1 cannot be read")
    with pytest.raises(StoreError, match=r"stored page of a1 .*dragoman doctor"):
        store.pages.page(relayed, "a1")


def test_a_record_that_cannot_be_read_is_reported_plainly(relayed: Store) -> None:
    with relayed.write() as connection:
        connection.execute(text("UPDATE articles SET record = '{}'"))
    with pytest.raises(StoreError, match=r"stored article of a1 .*dragoman doctor"):
        store.articles.article(relayed, "a1")
