"""Measure quality against labelled data, and hold it to the pinned floors.

    python -m quality --data DIR [--limit LINES] [--raise-floors]

Runs the measurements of this folder one after the other, prints every figure that has a floor
beside it, and exits with 1 where one fell below. ``--raise-floors`` writes figures that rose, a
little below what was measured, into floors.json; lowering one is done by hand, with the reason
in the commit.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quality import defects, extract, link, spans, split, terms, translate

FLOORS = Path(__file__).with_name("floors.json")
SLACK = 0.005  # of a figure: what differs from machine to machine, and no more


def flatten(figures: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Give nested figures by their path: ``extract.fundus-eval.dragoman.f1``."""
    flat: dict[str, float] = {}
    for name, value in figures.items():
        path = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(value, Mapping):
            flat |= flatten(value, path)
        elif isinstance(value, int | float):
            flat[path] = float(value)
    return flat


def main() -> int:
    """Measure, compare, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=200, help="lines to translate")
    parser.add_argument("--raise-floors", action="store_true")
    given = parser.parse_args()
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8"))
    measured = flatten(
        {
            "extract": extract.main(given.data / "pages"),
            "link": link.main(given.data),
            "split": split.main(given.data),
            "translate": translate.main(given.data, given.limit),
            "defects": defects.main(),
            "spans": spans.main(),
            "terms": terms.main(),
        }
    )
    fallen = 0
    for name, figure in sorted(measured.items()):
        floor = floors.get(name)
        is_below = floor is not None and figure < floor
        fallen += is_below
        beside = "" if floor is None else f"  floor {floor:.3f}{'  FELL' if is_below else ''}"
        print(f"{name:70} {figure:10.3f}{beside}")
    for name in floors.keys() - measured.keys():
        print(f"{name:70} was not measured")
        fallen += 1
    if given.raise_floors:
        raised = {
            name: max(floor, round(measured[name] * (1 - SLACK), 4))
            for name, floor in floors.items()
            if name in measured
        }
        FLOORS.write_text(json.dumps(raised, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
