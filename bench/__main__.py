"""Speed as ratios to peers, measured in the same run; machines are noisy, ratios less so.

    python -m bench [extract] [feeds] [link] [translate] --data DIR

Both sides of a ratio work in turns, three times after one to warm up, and the best counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from bench import extract, feeds, link, translate

BENCHES = {
    "extract": extract.main,
    "feeds": feeds.main,
    "link": link.main,
    "translate": translate.main,
}


def main() -> None:
    """Print a table for each bench that was asked for; all where none was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=", ".join(BENCHES))
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    for name in given.benches or BENCHES:
        if name not in BENCHES:
            parser.error(f"there is no bench '{name}'; there are {', '.join(BENCHES)}")
        BENCHES[name](given.data)
        print()


if __name__ == "__main__":
    main()
