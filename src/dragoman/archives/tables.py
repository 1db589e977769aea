"""The tables of an archive: their columns, and rows as Parquet.

The schema has a version of its own, which stands in each file's metadata; see
``docs/reference/archive.md``. Raise it when a column changes its meaning or goes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from dragoman import __version__
from dragoman.errors import DragomanError
from dragoman.types import Article, Block, Dating, Moment, Precision, Translation, Verdict

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "1"
SIZE = 512  # figures of a vector

Row = dict[str, Any]


def load_arrow() -> Any:
    """Load PyArrow with its Parquet. Raises `DragomanError` where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DragomanError(
            'archives are written with PyArrow: pip install "dragoman[archive]"'
        ) from error
    return pyarrow


def schema_of(table: str) -> pa.Schema:
    """Give the schema of a table, with its version in the metadata."""
    pa = load_arrow()
    text, moment = pa.string(), pa.timestamp("us", "UTC")
    place = [("record", text), ("archive", text), ("offset", pa.int64())]
    columns: dict[str, list[tuple[str, Any]]] = {
        "articles": [
            *place, ("article", text), ("url", text), ("host", text), ("fetched", moment),
            ("language", text), ("title", text), ("text", text), ("blocks", text),
            ("published", moment), ("published_precision", text), ("modified", moment),
            ("authors", pa.list_(text)), ("agencies", pa.list_(text)), ("site", text),
            ("section", text), ("description", text), ("image", text),
            ("keywords", pa.list_(text)), ("digest", text), ("no_archive", pa.bool_()),
            ("tdm_reserved", pa.bool_()),
        ],
        "vectors": [
            ("record", text), ("article", text), ("vector", pa.list_(pa.float32(), SIZE)),
        ],
        "translations": [
            ("record", text), ("article", text), ("language", text), ("into", text),
            ("status", text), ("verdict", text), ("title", text), ("text", text),
            ("blocks", text), ("route", text), ("is_gist", pa.bool_()),
            ("segments", pa.int32()), ("marked", pa.int32()), ("reason", text),
        ],
        "failures": [
            *place, ("url", text), ("stage", text), ("into", text), ("kind", text),
            ("message", text),
        ],
        "copies": [
            ("record", text), ("article", text), ("of_record", text), ("of_article", text),
            ("kind", text),
        ],
        "stories": [
            ("record", text), ("article", text), ("event", text), ("story", text),
            ("reported", moment), ("is_dated", pa.bool_()),
        ],
    }  # fmt: skip
    metadata = {
        "dragoman.schema": SCHEMA_VERSION, "dragoman.table": table, "dragoman.version": __version__,
    }  # fmt: skip
    return pa.schema(columns[table], metadata=metadata)


def write_rows(table: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows as a Parquet file."""
    return write_table(load_arrow().Table.from_pylist(list(rows), schema=schema_of(table)))


def write_table(table: pa.Table) -> bytes:
    """Write a table as a Parquet file."""
    buffer = io.BytesIO()
    load_arrow().parquet.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def read_rows(packed: bytes, columns: Sequence[str] | None = None) -> list[Row]:
    """Read the rows of a Parquet file."""
    pa = load_arrow()
    # `read_table` would load PyArrow's data sets and with them pandas, at half a second.
    with pa.parquet.ParquetFile(pa.BufferReader(packed)) as file:
        found: list[Row] = file.read(list(columns) if columns else None).to_pylist()
    return found


def read_vectors(packed: bytes) -> dict[str, bytes]:
    """Read the vectors of a Parquet file by their records, as linking keeps them: float16."""
    import numpy as np

    pa = load_arrow()
    with pa.parquet.ParquetFile(pa.BufferReader(packed)) as file:
        table = file.read(["record", "vector"]).combine_chunks()
    if not table.num_rows:
        return {}
    figures = table["vector"].combine_chunks().flatten().to_numpy().astype(np.float16)
    rows = figures.reshape(table.num_rows, SIZE)
    return {
        record: row.tobytes() for record, row in zip(table["record"].to_pylist(), rows, strict=True)
    }


def join_files(table: str, files: Iterable[bytes]) -> bytes:
    """Put the rows of Parquet files into one, in their order."""
    pa = load_arrow()
    read = [pa.parquet.ParquetFile(pa.BufferReader(file)).read() for file in files]
    return write_table(pa.concat_tables([schema_of(table).empty_table(), *read]))


def article_row(article: Article, archive: str, record: str, offset: int, host: str) -> Row:
    """Give the row of an article."""
    published = article.published.moment
    return {
        "record": record,
        "archive": archive,
        "offset": offset,
        "article": article.id,
        "url": article.url,
        "host": host,
        "fetched": article.fetched,
        "language": article.language,
        "title": article.title,
        "text": article.text,
        "blocks": msgspec.json.encode(article.blocks).decode(),
        "published": published.at if published else None,
        "published_precision": published.precision.value if published else None,
        "modified": article.modified.moment.at if article.modified.moment else None,
        "authors": list(article.authors),
        "agencies": list(article.agencies),
        "site": article.site,
        "section": article.section,
        "description": article.description,
        "image": article.image,
        "keywords": list(article.keywords),
        "digest": article.digest,
        "no_archive": article.reservations.no_archive,
        "tdm_reserved": article.reservations.tdm_reserved,
    }


def read_article(row: Row) -> Article:
    """Give back what translation needs of an article."""
    at: datetime | None = row["published"]
    moment = Moment(at, Precision(row["published_precision"])) if at else None
    return Article(
        id=row["article"],
        source=row["host"],
        url=row["url"],
        language=row["language"],
        title=row["title"],
        blocks=msgspec.json.decode(row["blocks"], type=tuple[Block, ...]),
        published=Dating(moment),
        fetched=row["fetched"],
        authors=tuple(row["authors"]),
        agencies=tuple(row["agencies"]),
        digest=row["digest"],
    )


def translation_row(made: Translation, record: str) -> Row:
    """Give the row of a translation."""
    return {
        "record": record,
        "article": made.article,
        "language": made.language,
        "into": made.into,
        "status": made.status.value,
        "verdict": made.verdict.value,
        "title": made.title,
        "text": "\n\n".join(block.text for block in made.blocks if block.text),
        "blocks": msgspec.json.encode(made.blocks).decode(),
        "route": made.route.name if made.route else "",
        "is_gist": bool(made.route and made.route.is_gist),
        "segments": len(made.segments),
        "marked": sum(one.verdict is not Verdict.PUBLISH for one in made.segments),
        "reason": made.reason,
    }
