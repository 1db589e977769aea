"""Fuzz a target with atheris (libFuzzer), guided by the code that each input reaches.

    python -m tests.fuzz feeds|pages|outlines [--seconds 600] [--keep FOLDER]

Inputs that reach new code gather in the folder, beside the seeds; one that breaks a promise, takes
over ten seconds or 2 GB is written as a file named crash-, timeout- or oom- and ends the run
with an exit code other than 0. Needs the extra `fuzz`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dragoman", "fastfeedparser", "feedparser"]):
    import fastfeedparser  # noqa: F401 - the readers are loaded when they are first needed
    import feedparser  # noqa: F401

    from tests.fuzz.targets import SEEDS, TARGETS


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    words = [
        sys.argv[0],
        str(folder),
        str(SEEDS / given.target),
        f"-max_total_time={given.seconds}",
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-max_len=8192",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup(words, TARGETS[given.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
