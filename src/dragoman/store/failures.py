"""What went wrong with the database, as one plain sentence with the next step."""

from __future__ import annotations

from dragoman.errors import StoreBusy, StoreError, StoreFull

_BUSY = "{place} is being written to by another process; try again in a moment"
_FULL = (
    "{place} cannot grow: the disk is full, or a quota or limit on file size is reached; "
    "free space and run again, nothing that was acknowledged is lost"
)
_READ_ONLY = "{place} is read-only; give this user the right to write the file and its folder"
_NO_DATABASE = "{place} is no database; name another file, or restore a backup in its place"
_DAMAGED = "{place} is damaged; stop Dragoman and restore a backup in its place"
_CLOSED = (
    "{place} cannot be opened; check that its folder exists and that this user may read and "
    "write there"
)
_DISK = "{place} cannot be read or written ({detail}); check the disk that it lies on"
_UNREACHABLE = "{place} cannot be reached ({detail}); check the address and that the server runs"
_REFUSED = "{place} refused a row ({detail}); please report this with the log"
_CROWDED = (
    "{place} has no connection left ({detail}); try again in a moment, or raise max_connections"
)
_OTHER = "{place} did not do as asked ({detail}); run `dragoman doctor`"

# By the start of SQLite's result code (https://sqlite.org/rescode.html), longest first:
# a write beyond a quota or RLIMIT_FSIZE is an I/O error there, not FULL.
_SQLITE = (
    ("SQLITE_IOERR_WRITE", StoreFull, _FULL),
    ("SQLITE_IOERR_SHMSIZE", StoreFull, _FULL),
    ("SQLITE_IOERR", StoreError, _DISK),
    ("SQLITE_FULL", StoreFull, _FULL),
    ("SQLITE_BUSY", StoreBusy, _BUSY),
    ("SQLITE_LOCKED", StoreBusy, _BUSY),
    ("SQLITE_READONLY", StoreError, _READ_ONLY),
    ("SQLITE_NOTADB", StoreError, _NO_DATABASE),
    ("SQLITE_CORRUPT", StoreError, _DAMAGED),
    ("SQLITE_CANTOPEN", StoreError, _CLOSED),
    ("SQLITE_PERM", StoreError, _CLOSED),
    ("SQLITE_AUTH", StoreError, _CLOSED),
    ("SQLITE_CONSTRAINT", StoreError, _REFUSED),
)

# By PostgreSQL's SQLSTATE (appendix A of its manual).
_POSTGRESQL = (
    ("53100", StoreFull, _FULL),
    ("53300", StoreBusy, _CROWDED),
    ("55P03", StoreBusy, _BUSY),
    ("40P01", StoreBusy, _BUSY),
    ("40001", StoreBusy, _BUSY),
    ("25006", StoreError, _READ_ONLY),
    ("XX001", StoreError, _DAMAGED),
    ("23", StoreError, _REFUSED),
    ("08", StoreError, _UNREACHABLE),
    ("28", StoreError, _UNREACHABLE),
    ("3D", StoreError, _UNREACHABLE),
    ("57P", StoreError, _UNREACHABLE),
)


def explain(cause: BaseException | None, place: str) -> StoreError:
    """Make an error of a database's driver one of ours."""
    detail = " ".join(str(cause).split())[:300]
    code = getattr(cause, "sqlite_errorname", None)
    state = getattr(cause, "sqlstate", None)
    for start, kind, message in _SQLITE if code else _POSTGRESQL:
        if (code or state or "").startswith(start):
            return kind(message.format(place=place, detail=detail))
    if hasattr(cause, "sqlstate") and state is None:
        return StoreError(_UNREACHABLE.format(place=place, detail=detail))
    return StoreError(_OTHER.format(place=place, detail=detail))
