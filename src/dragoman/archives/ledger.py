"""What of a run is done: the folder that it writes, each part whole or not there at all.

A part's files are written beside their places and moved there; then a line of the ledger says
that the part is done. A run that was killed does again what has no line, under the same names.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dragoman.errors import DragomanError

FOLDER = "_ledger"  # readers of a folder of Parquet pass over names that begin so


class Ledger(AbstractContextManager["Ledger"]):
    """The output folder of a run, held by one process at a time."""

    def __init__(self, out: Path, job: Mapping[str, Any]) -> None:
        self.out = out
        self._folder = out / FOLDER
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DragomanError(f"{out}: the folder cannot be made: {error.strerror}") from error
        self._lock = (self._folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise DragomanError(f"{out}: another run is writing here; let it end first") from error
        try:
            self._settle(dict(job))
        except BaseException:
            self._lock.close()
            raise
        self._done: dict[str, Any] = {
            file.stem: json.loads(file.read_text("utf-8"))
            for file in sorted(self._folder.glob("part-*.json"))
        }

    def _settle(self, job: dict[str, Any]) -> None:
        """Keep what the run is of. Raises `DragomanError` where the folder holds another."""
        file = self._folder / "job.json"
        if file.is_file():
            kept = json.loads(file.read_text("utf-8"))
            other = [key for key in sorted({*kept, *job}) if kept.get(key) != job.get(key)]
            if other:
                raise DragomanError(
                    f"{self.out} holds a run that differs in: {', '.join(other)}; name another "
                    "folder, or run it with what it was begun with"
                )
            return
        if any(one.name != FOLDER for one in self.out.iterdir()):
            raise DragomanError(f"{self.out} holds something else already; name a new folder")
        self._write(file, json.dumps(job, indent=1).encode())

    def find(self, key: str) -> dict[str, Any] | None:
        """Give what is noted of a part that is done; None: it is not."""
        found: dict[str, Any] | None = self._done.get(f"part-{key}")
        return found

    def put(self, key: str, files: Mapping[str, bytes], **noted: Any) -> None:
        """Write a part's files, by their paths, then say that it is done."""
        for path, body in files.items():
            self._write(self.out / path, body)
        note = {"files": sorted(files), **noted}
        self._write(self._folder / f"part-{key}.json", json.dumps(note).encode())
        self._done[f"part-{key}"] = note

    def _write(self, file: Path, body: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.new")  # readers pass over names that begin so
        try:
            with fresh.open("wb") as opened:
                opened.write(body)
                opened.flush()
                os.fsync(opened.fileno())
            fresh.replace(file)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise DragomanError(
                f"{file}: it cannot be written: {error.strerror}; make room and run again: what is "
                "done stays done"
            ) from error

    def read(self, path: str) -> bytes:
        """Read a file of the folder."""
        return (self.out / path).read_bytes()

    def counts(self) -> Counter[str]:
        """Add up what parts have counted."""
        total: Counter[str] = Counter()
        for note in self._done.values():
            total.update(note.get("counts", {}))
        return total

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.close()
