"""Speed as ratios to peers, measured in the same run; machines are noisy, ratios less so.

    python -m bench [BENCH ...] --data DIR [--articles N]

Both sides of a ratio work in turns, three times after one to warm up, and the best counts. All
ratios of a run stand in one table at its end. A bench that fails costs its own rows alone.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable
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
from bench.turns import HEAD, ROWS

BENCHES = {
    "extract": extract.main,
    "translate": translate.main,
    "feeds": feeds.main,
    "link": link.main,
    "relay": relay.main,
    "archive": archive.main,
    "engines": engines.main,
    "scale": scale.main,
    "soak": soak.main,
    "site": site.main,
    "export": site.export,
    "longrun": longrun.main,
}


def main() -> int:
    """Run the benches that were asked for, or all but the longest; 1 where one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("benches", nargs="*", metavar="BENCH", help=", ".join(BENCHES))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--articles", type=int, default=10_000, help="of `site`, `export` and `longrun`"
    )
    given = parser.parse_args()
    benches = BENCHES | {
        "export": partial(site.export, count=given.articles),
        "longrun": partial(longrun.main, articles=given.articles),
        "site": partial(site.main, count=given.articles),
    }
    names = given.benches or [one for one in BENCHES if one != "longrun"]
    for name in names:
        if name not in BENCHES:
            parser.error(f"there is no bench '{name}'; there are {', '.join(BENCHES)}")
    failed = [name for name in names if not _is_run(name, partial(benches[name], given.data))]
    if ROWS:
        print("\n".join((HEAD, *ROWS)))
    for name in failed:
        print(f"no figures of {name}: it failed, see above")
    return 1 if failed else 0


def _is_run(name: str, bench: Callable[[], object]) -> bool:
    print(f"-- {name}", flush=True)
    try:
        bench()
    except Exception:  # the others are of use without it
        traceback.print_exc()
        return False
    finally:
        print(flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
