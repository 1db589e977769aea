"""Speed as ratios to peers, measured in the same run; machines are noisy, ratios less so.

    python -m bench [BENCH ...] --data DIR [--articles N]

Both sides of a ratio work in turns, three times after one to warm up, and the best counts.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from bench import (
    archive,
    engines,
    extract,
    feeds,
    link,
    longrun,
    relay,
    scale,
    site,
    soak,
    translate,
)

BENCHES = {
    "archive": archive.main,
    "engines": engines.main,
    "extract": extract.main,
    "feeds": feeds.main,
    "link": link.main,
    "longrun": longrun.main,
    "relay": relay.main,
    "scale": scale.main,
    "site": site.main,
    "soak": soak.main,
    "translate": translate.main,
}


def main() -> None:
    """Print a table for each bench that was asked for; all but the longest where none was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=", ".join(BENCHES))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--articles", type=int, default=10_000, help="of the store of `site`, and of `longrun`"
    )
    given = parser.parse_args()
    benches = BENCHES | {
        "longrun": partial(longrun.main, articles=given.articles),
        "site": partial(site.main, count=given.articles),
    }
    for name in given.benches or [one for one in BENCHES if one != "longrun"]:
        if name not in BENCHES:
            parser.error(f"there is no bench '{name}'; there are {', '.join(BENCHES)}")
        benches[name](given.data)
        print()


if __name__ == "__main__":
    main()
