"""The search of an exported site: Pagefind's index, which browsers read in small parts."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

from dragoman.errors import DragomanError

FOLDER = "pagefind"
STATE = f"{FOLDER}/made-by.txt"

# What of Pagefind's own surface nothing of ours loads.
_LEFT_OUT = ("pagefind-ui.", "pagefind-modular-ui.", "pagefind-component-ui.", "pagefind-highlight")
_PARTS = ("pagefind_bin_extended", "pagefind_bin")  # with Chinese and Japanese words, or without
_SLOWEST_S = 3600


def find_program() -> Path | None:
    """Give Pagefind's program, where a package of it is installed."""
    for name in _PARTS:
        if find_spec(name):
            program: Path | None = import_module(name).get_executable()
            return program
    return None


def name_state() -> str:
    """Name what an index was made by: by another Pagefind it is made again."""
    return f"pagefind {metadata.version('pagefind')}\n"


def write_index(program: Path, site: Path, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Index the article pages of a site; give the files by their names on the site.

    They are written to an empty folder first. Raises `DragomanError`.
    """
    command = [str(program), "--site", str(site), "--glob", "*/article/*/index.html"]
    command += ["--output-path", str(folder), "--quiet"]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, our own folders
            command, capture_output=True, text=True, check=False, timeout=_SLOWEST_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DragomanError(f"Pagefind could not index the site: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-500:]
        raise DragomanError(f"Pagefind could not index the site: {said}")
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.name.startswith(_LEFT_OUT):
            yield f"{FOLDER}/{file.relative_to(folder)}", file.read_bytes()
