"""Every query of the how-to runs on a small archive, and gives rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from bench.archive_pages import BEGAN, make_page, pack_record
from dragoman.archives import schema_of
from dragoman.runner import LocalRunner
from tests.archives.jobs import take

ROOT = Path(__file__).parents[2]
HOW_TO = (ROOT / "docs/how-to/query-an-archive.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs/reference/archive.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", HOW_TO, re.DOTALL)
TABLES = ("articles", "translations", "vectors", "failures", "copies", "stories")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    folder = tmp_path_factory.mktemp("how-to")
    pages = [make_page(number, 1) for number in range(12)]
    pages.append(pages[0])
    pages.append(("https://a.example/empty", "<html><body></body></html>"))
    linked = pages[1][1].replace("<p>", '<p>See <a href="https://b.example/x">this</a>. ', 1)
    pages[1] = (pages[1][0], linked)
    file = folder / "a.warc.gz"
    file.write_bytes(b"".join(pack_record(n, *page, BEGAN) for n, page in enumerate(pages)))
    runner = LocalRunner(1)
    try:
        take(runner, [str(file)], folder / "tables", ["en"])
    finally:
        runner.close()
    with duckdb.connect() as connection:
        for table in TABLES:
            place = f"{folder}/tables/{table}/*.parquet"
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{place}')")
        yield connection


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_a_query_of_the_how_to_gives_rows(database: duckdb.DuckDBPyConnection, query: str) -> None:
    assert database.execute(query).fetchall()


def test_the_how_to_has_a_query_for_every_table() -> None:
    assert all(any(table in query for query in QUERIES) for table in TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_the_reference_names_every_column(table: str) -> None:
    section = REFERENCE.partition(f"## `{table}`")[2].partition("\n## ")[0]
    for name in schema_of(table).names:
        assert f"`{name}`" in section, f"{table}.{name} is missing from docs/reference/archive.md"
