"""Measure translation: our whole path against the bare engine on NTREX, both directions.

`python -m quality.translate --data DIR [--limit N]` prints JSON. DIR holds `ntrex/`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from time import process_time
from typing import Any

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.significance import PairedTest

from dragoman.translate import available_legs, find_route, translate_article
from dragoman.translate.gate import check_segment
from dragoman.translate.models.inventory import list_models
from dragoman.translate.repairs import vocabulary_of
from dragoman.translate.vocabulary import Vocabulary
from dragoman.types import Article, Block, BlockKind, EngineSpec, Text, Translation, Verdict
from quality.damage import Pair, damage_all

SPECS = (EngineSpec("firefox"),)
FILES = {"en": "eng.txt", "pt": "por-BR.txt"}
REFERENCES = {
    **FILES, "es": "spa.txt", "fr": "fra.txt", "de": "deu.txt", "ru": "rus.txt", "ar": "arb.txt",
}  # fmt: skip
DAMAGED = 300
Lines = list[str]


def main(data: Path, limit: int = 200) -> dict[str, Any]:
    """Measure both directions on the first ``limit`` lines."""
    folder = data / "ntrex"
    texts = {code: read_lines(folder / name)[:limit] for code, name in FILES.items()}
    names = [line.split("\t")[-1] for line in read_lines(folder / "documents.tsv")][:limit]
    directions = (("en", "pt"), ("pt", "en"))
    return {f"{a}-{b}": measure_pair(texts, names, a, b) for a, b in directions} | {
        "damage": {f"{a}-{b}": measure_damage(data, a, b) for a, b in directions}
    }


def measure_pair(texts: dict[str, Lines], names: Lines, language: str, into: str) -> dict[str, Any]:
    """Measure one direction: plain, re-typeset and capital text."""
    source, reference = texts[language], texts[into]
    firsts = [at for at, name in enumerate(names) if at == 0 or names[at - 1] != name]
    set_source, set_reference = map(typeset, source), map(typeset, reference)
    found: dict[str, Any] = {}
    cases = {"plain": (source, reference), "typeset": (list(set_source), list(set_reference))}
    for case, (ours, theirs) in cases.items():
        found[case] = compare(ours, theirs, names, language, into)
    found["capitals"] = measure_capitals(source, reference, firsts, names, language, into)
    return found


def measure_damage(
    data: Path, language: str, into: str, limit: int = DAMAGED, first: int = 0
) -> dict[str, Any]:
    """Measure how much damage done to good translations the gate finds, and its false alarms.

    Precision is what a mark is worth where half of all segments are damaged.
    """
    pairs = read_pairs(data / "ntrex", language, into)[first : first + limit]
    legs = available_legs(SPECS)
    has_model = any((leg.language, leg.into) == (language, into) for leg in legs)
    route = find_route(legs, language, into) if has_model else None
    vocabulary = vocabulary_of(route, SPECS) if route else Vocabulary()
    found: dict[str, list[bool]] = {}
    for kind, source, damaged in damage_all(pairs, into):
        checks = check_segment(source, damaged, language, into, vocabulary)[1]
        found.setdefault(kind, []).append(bool(checks))
    started = process_time()
    alarms = [check_segment(p.source, p.target, language, into, vocabulary)[1] for p in pairs]
    seconds = process_time() - started
    recall = {kind: sum(hits) / len(hits) for kind, hits in sorted(found.items())}
    false = sum(map(bool, alarms)) / len(alarms)
    return {
        "recall": {kind: round(share, 4) for kind, share in recall.items()},
        "precision": {kind: round(r / ((r + false) or 1.0), 4) for kind, r in recall.items()},
        "damaged": {kind: len(hits) for kind, hits in sorted(found.items())},
        "false_alarms": round(false, 4),
        "left_alone": round(1 - false, 4),
        "by_check": count_checks(alarms),
        "microseconds_per_segment": round(1e6 * seconds / len(pairs)),
    }


def read_pairs(folder: Path, language: str, into: str) -> list[Pair]:
    """Read the sentences with their references, what follows each, and a third language."""
    foreign = next(code for code in ("es", "pt", "fr") if code not in (language, into))
    lines = [read_lines(folder / REFERENCES[code]) for code in (language, into, foreign)]
    documents = [line.split("\t")[-1] for line in read_lines(folder / "documents.tsv")]
    pairs: list[Pair] = []
    for at in range(len(documents) - 1):
        is_last = documents[at] != documents[at + 1]
        follows = ("", "") if is_last else (lines[0][at + 1], lines[1][at + 1])
        pairs.append(Pair(lines[0][at], lines[1][at], *follows, lines[2][at]))
    return pairs


def compare(
    source: Lines, reference: Lines, names: Lines, language: str, into: str
) -> dict[str, Any]:
    """Score the bare engine and the whole path on the same lines."""
    bare = translate_bare(source, language, into)
    ours, verdicts = translate_lines(source, names, language, into)
    return {
        "bare": score(bare, reference),
        "ours": score(ours, reference),
        "by chance": chance_of_difference(bare, ours, reference),
        "verdicts": verdicts,
    }


def measure_capitals(
    source: Lines, reference: Lines, firsts: Sequence[int], names: Lines, language: str, into: str
) -> dict[str, Any]:
    """Score the documents' first lines, in sentence case and in capitals."""
    references = [reference[at] for at in firsts]
    plain: Lines = []
    capital: Lines = []
    for at in firsts:
        body = [line for line, name in zip(source, names, strict=True) if name == names[at]][1:]
        for lines, title in ((plain, source[at]), (capital, source[at].upper())):
            lines.append(translate_document(title, body, language, into).title)
    alone = [translate_document(source[at].upper(), [], language, into).title for at in firsts]
    bare = translate_bare([source[at].upper() for at in firsts], language, into)
    return {
        "sentence case": score(plain, references),
        "capitals": score(capital, references),
        "capitals without a body": score(alone, references),
        "bare, capitals": score(bare, references),
    }


def translate_bare(source: Lines, language: str, into: str) -> Lines:
    """Translate line by line by the engine and the model's files as they come."""
    from fxtranslate import Translator

    known = list_models(None, is_shipped_included=True)
    model = next(one for one in known if (one.language, one.into) == (language, into))
    kinds = (("model",), ("vocab", "srcvocab"), ("vocab", "trgvocab"), ("lex",))
    one, two, three, four = (model.path(*kind).read_bytes() for kind in kinds)
    bare = Translator(one, two, three, four)
    return [bare.translate(line) for line in source]


def translate_lines(
    source: Lines, names: Lines, language: str, into: str
) -> tuple[Lines, dict[str, int]]:
    """Translate document by document through the whole path."""
    out: Lines = []
    verdicts = dict.fromkeys(map(str, Verdict), 0)
    for _, group in groupby(zip(names, source, strict=True), key=lambda pair: pair[0]):
        done = translate_document("", [line for _, line in group], language, into)
        out += [block.text for block in done.blocks]
        for segment in done.segments:
            verdicts[segment.verdict] += 1
    return out, verdicts


def translate_document(title: str, body: Lines, language: str, into: str) -> Translation:
    """Translate a document whose paragraphs are these lines."""
    blocks = tuple(Block(BlockKind.PARAGRAPH, (Text(line),)) for line in body)
    article = Article("measured", "", "", language, title, blocks)
    route = find_route(available_legs(SPECS), language, into)
    return translate_article(article, into, route, SPECS)


def typeset(line: str) -> str:
    """Set a line as news prints it: curly quotation marks, dashes, signs of currencies."""
    line = re.sub(r'(^|[\s(\[-])"', r"\1“", line).replace('"', "”")
    line = re.sub(r"(^|[\s(\[“-])'", r"\1‘", line).replace("'", "’")
    line = re.sub(r"\s--?\s", " – ", line)
    line = re.sub(r"(\d)-(?=\d)", r"\1–", line)
    line = re.sub(r"(\d[\d.,]*(?: (?:million|billion))?) pounds\b(?! of)", r"£\1", line)
    return re.sub(r"(\d[\d.,]*(?: (?:million|billion))?) euros\b", r"€\1", line)


def score(answers: Lines, references: Lines) -> dict[str, float]:
    """Give chrF2 and BLEU."""
    return {
        "chrF2": round(CHRF().corpus_score(answers, [references]).score, 2),
        "BLEU": round(BLEU().corpus_score(answers, [references]).score, 2),
    }


def chance_of_difference(bare: Lines, ours: Lines, references: Lines) -> float:
    """Give how probably two systems' chrF2 differ as much by chance alone.

    Paired bootstrap resampling (Koehn 2004), 1,000 samples with sacrebleu's fixed seed: above
    0.05 the difference says nothing.
    """
    metric = CHRF(references=[references])
    test = PairedTest(
        [("bare", bare), ("ours", ours)], {"chrF2": metric}, [references], "bs", n_samples=1000
    )
    result = test()[1]["chrF2"][1]
    return 1.0 if isinstance(result, str) or result.p_value is None else round(result.p_value, 3)


def count_checks(alarms: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Count findings by the name of the check."""
    counts: dict[str, int] = {}
    for check in (check for found in alarms for check in found):
        counts[check.name] = counts.get(check.name, 0) + 1
    return counts


def read_lines(path: Path) -> Lines:
    """Read a file's lines."""
    return path.read_text("utf-8").splitlines()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=200)
    arguments = parser.parse_args()
    print(json.dumps(main(arguments.data, arguments.limit), ensure_ascii=False, indent=2))
