"""Archives of the web into tables: WARC files in, Parquet out, on any runner.

`find_archives` says what there is, `run_archive` takes it to articles, translations, vectors,
copies and stories in a `Ledger`'s folder; it can be killed and begun again. Like the relay this
room puts the stages in order, and needs no store: its tables are its state.
"""

from dragoman.archives.ledger import Ledger
from dragoman.archives.places import Place, find_archives
from dragoman.archives.reading import Source
from dragoman.archives.run import RECORDS, Limits, Run, run_archive
from dragoman.archives.tables import SCHEMA_VERSION, load_arrow, schema_of

__all__ = [
    "RECORDS",
    "SCHEMA_VERSION",
    "Ledger",
    "Limits",
    "Place",
    "Run",
    "Source",
    "find_archives",
    "load_arrow",
    "run_archive",
    "schema_of",
]
