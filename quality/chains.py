"""Measure chains of engines on NTREX: bare legs, and our whole path around the same legs.

`python -m quality.chains --data DIR [--limit N] [--only en>es ...]` prints JSON. DIR holds
`ntrex/`; Apertium with its pairs for English, French, Portuguese and Spanish is needed.
BLEU and chrF2 are sacrebleu's; "names kept" is the share of those capitalised words inside
the original's sentences that the human translator left as they were and the machine did too.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from dragoman.translate import available_legs, load_engine, translate_article
from dragoman.translate.engine import lift_unknown
from dragoman.types import Article, Block, BlockKind, EngineSpec, Leg, Route, Text, Verdict

SPECS = (EngineSpec("firefox"), EngineSpec("apertium"))
FILES = {"en": "eng.txt", "fr": "fra.txt", "es": "spa.txt", "pt": "por-BR.txt"}
CHAINS = (
    "en>pt>es", "en>es", "en>pt>es>fr", "en>es>fr", "fr>es>pt>en", "fr>es>en",
    "fr>es>pt", "es>pt>en", "es>en", "es>pt", "pt>en>es", "pt>es", "pt>es>fr", "es>fr", "fr>es",
)  # fmt: skip
Lines = list[str]
_BLEU, _CHRF = BLEU(), CHRF()


def main(data: Path, limit: int, only: Sequence[str] = ()) -> dict[str, Any]:
    """Measure chains on the first lines."""
    folder = data / "ntrex"
    texts = {code: _read_lines(folder / name)[:limit] for code, name in FILES.items()}
    names = [line.split("\t")[-1] for line in _read_lines(folder / "documents.tsv")][:limit]
    legs = available_legs(SPECS)
    found: dict[str, Any] = {"lines": limit}
    for chain in only or CHAINS:
        route = find_chain(chain, legs)
        source, reference = texts[route.legs[0].language], texts[route.legs[-1].into]
        ours, marked = translate_lines(source, names, route)
        found[chain] = {
            "bare": _score(translate_bare(source, route), source, reference),
            "ours": {**_score(ours, source, reference), **marked},
        }
    signed = {"BLEU": _BLEU, "chrF2": _CHRF}
    return found | {"signatures": {k: str(one.get_signature()) for k, one in signed.items()}}


def find_chain(chain: str, legs: Sequence[Leg]) -> Route:
    """Find the legs of a chain such as ``en>pt>es``; a neural one first."""
    steps = pairwise(chain.split(">"))
    return Route(
        tuple(next(leg for leg in legs if (leg.language, leg.into) == step) for step in steps)
    )


def translate_bare(source: Lines, route: Route) -> Lines:
    """Translate line by line with nothing before, between or after the engines."""
    engines = {spec.name: load_engine(spec) for spec in SPECS}
    for leg in route.legs:
        source = [lift_unknown(line)[0] for line in engines[leg.engine].translate(source, leg)]
    return source


def translate_lines(source: Lines, names: Lines, route: Route) -> tuple[Lines, dict[str, float]]:
    """Translate document by document through the whole path, and count what it marks."""
    out: Lines = []
    verdicts: list[Verdict] = []
    for name, group in groupby(zip(names, source, strict=True), key=lambda pair: pair[0]):
        blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(line),)) for _, line in group)
        article = Article(name, "", "", route.legs[0].language, "", blocks)
        done = translate_article(article, route.legs[-1].into, route, SPECS)
        out += [block.text for block in done.blocks]
        verdicts += [segment.verdict for segment in done.segments]
    shares = {str(v): round(verdicts.count(v) / len(verdicts), 3) for v in Verdict}
    return out, shares


def keep_names(answers: Lines, source: Lines, reference: Lines) -> float:
    """Give the share of names that stand in the translation as in original and reference."""
    kept = []
    for answer, original, human in zip(answers, source, reference, strict=True):
        words = set(re.findall(r"(?<=\w )[^\W\d_]+", original))
        names = {w for w in words & _words(human) if w[0].isupper() and len(w) > 2}
        kept += [name in _words(answer) for name in names]
    return round(sum(kept) / max(1, len(kept)), 4)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text))


def _level(line: str) -> str:
    """Set quotation marks and apostrophes straight: how they are set is not measured here."""
    line = re.sub("[“”„‟]|«[\\s\u00a0\u202f]*|[\\s\u00a0\u202f]*»", '"', line)
    return re.sub("[‘’‚‛]", "'", line)


def _score(answers: Lines, source: Lines, reference: Lines) -> dict[str, float]:
    answers, reference = list(map(_level, answers)), list(map(_level, reference))
    bleu, chrf = (metric.corpus_score(answers, [reference]).score for metric in (_BLEU, _CHRF))
    return {
        "BLEU": round(bleu, 2),
        "chrF2": round(chrf, 2),
        "names kept": keep_names(answers, source, reference),
    }


def _read_lines(path: Path) -> Lines:
    return path.read_text("utf-8").splitlines()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--only", nargs="*", default=())
    given = parser.parse_args()
    print(json.dumps(main(given.data, given.limit, given.only), ensure_ascii=False, indent=2))
