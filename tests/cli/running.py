"""Run the command as people do, in this process."""

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from dragoman.cli import main


@dataclass
class Done:
    """What a command printed."""

    stdout: str
    stderr: str


def dragoman(*words: str, given: str = "", cwd: Path | None = None, expected: int = 0) -> Done:
    """Run the command in this process: its heavy libraries are loaded once for all tests."""
    stdout, stderr = io.StringIO(), io.StringIO()
    stdin = io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8")
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        mock.patch.object(sys, "stdin", stdin),
        mock.patch.object(sys, "argv", ["dragoman", *words]),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    done = Done(stdout.getvalue(), stderr.getvalue())
    assert (ended.value.code or 0) == expected, done.stderr or done.stdout
    return done
