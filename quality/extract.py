"""Measure extraction against labelled pages, side by side with trafilatura's precision mode.

    python -m quality.extract --data DIR [--half dev|check] [--set NAME] [--worst N]

``DIR`` holds one folder a set, each with ``gold.jsonl`` and the pages it names. Tokens are
``\\w+``, a body is its multiset of 4-token shingles; per page true positives, false positives
and false negatives are shares of their sum; precision and recall are means over pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dragoman.extract import extract_batch

Row = dict[str, Any]
Figures = dict[str, float]

_TOKEN = re.compile(r"\w+", re.UNICODE)


def find_shingles(text: str) -> Counter[tuple[str, ...]]:
    """Give the multiset of 4-token shingles of a text; a shorter text is one shingle.

    Compared in NFC: a few pages write their accents apart, which is the same text, and would
    part every such word in two.
    """
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", text))
    if len(tokens) < 4:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(tuple(tokens[i : i + 4]) for i in range(len(tokens) - 3))


def compare_body(text: str, accepted: Iterable[str]) -> tuple[float, float, float]:
    """Give the shares of true positives, false positives and false negatives, at best."""
    own = find_shingles(text)
    best = (0.0, 0.0, 1.0)
    for gold in accepted:
        wanted = find_shingles(gold)
        hit = sum((own & wanted).values())
        extra, lost = sum(own.values()) - hit, sum(wanted.values()) - hit
        total = hit + extra + lost
        found = (hit / total, extra / total, lost / total) if total else (0.0, 0.0, 0.0)
        best = max(best, found)
    return best


def sum_bodies(scores: list[tuple[float, float, float]]) -> Figures:
    """Give precision, recall, F1 and the share of exact pages."""
    precisions = [tp / (tp + fp) for tp, fp, _ in scores if tp + fp > 0]
    recalls = [tp / (tp + fn) for tp, _, fn in scores if tp + fn > 0]
    precision = sum(precisions) / max(1, len(precisions))
    recall = sum(recalls) / max(1, len(recalls))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    exact = sum(1 for _, fp, fn in scores if fp == 0 and fn == 0) / max(1, len(scores))
    return {"precision": precision, "recall": recall, "f1": f1, "exact": exact}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _picture_keys(url: str) -> set[str]:
    path = re.sub(r"^https?://|[?#].*$", "", url)
    stem = re.sub(r"[-_.@]?\d{2,4}x\d{2,4}|[-_]\d{2,4}w|\.\w{3,4}$", "", path.rsplit("/", 1)[-1])
    keys = {path} | ({stem} if len(stem) >= 8 else set())
    ids = re.findall(r"[0-9a-f]{8,}(?:-[0-9a-f]{4,}){2,}|\d{7,}", url)
    return keys | set(ids)


def _score_pictures(
    gold: list[Row], found: list[Row], sums: Counter[str], misses: list[str]
) -> None:
    wanted = [
        (image, set().union(*(_picture_keys(v["url"]) for v in image["versions"] or [])))
        for image in gold
    ]
    sums["images_gold"] += len(wanted)
    sums["images_found"] += len(found)
    left = list(found)
    for image, keys in wanted:
        match = next((f for f in left if _picture_keys(f["url"]) & keys), None)
        caption, credits = image.get("caption") or "", image.get("authors") or []
        sums["captions_gold"] += bool(caption)
        sums["credits_gold"] += bool(credits)
        if match is None:
            misses.append(f"image {image['versions'][0]['url'][:120]}")
            continue
        left.remove(match)
        sums["images_hit"] += 1
        if caption:
            is_hit = (
                _plain(caption) == _plain(match["caption"])
                or _overlap(caption, match["caption"]) >= 0.8
            )
            sums["captions_hit"] += is_hit
            if not is_hit:
                misses.append(
                    f"caption {caption!r}\n      got {match['caption']!r} / {match['credit']!r}"
                )
        if credits:
            is_hit = all(
                _plain(c) in _plain(match["credit"]) or _overlap(c, match["credit"]) >= 0.7
                for c in credits
            )
            sums["credits_hit"] += is_hit
            if not is_hit:
                misses.append(
                    f"credit {credits!r}\n      got {match['credit']!r} / {match['caption']!r}"
                )
        elif match["credit"]:
            sums["credits_extra"] += 1
    misses.extend(f"extra image {image['url'][:120]}" for image in left)


def _overlap(one: str, other: str) -> float:
    first, second = set(_TOKEN.findall(one.casefold())), set(_TOKEN.findall(other.casefold()))
    return 2 * len(first & second) / max(1, len(first) + len(second))


# Labels that were read beside their pages and are wrong: the language of the publisher's country
# for that of the text, a day and month exchanged. "read" in a figure's name: with these.
RELABELLED: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "relabelled.json").read_text(encoding="utf-8")
)


def _is_same_language(one: str, other: str) -> bool:
    norwegian = {"no", "nb", "nn"}
    first, second = one.partition("-")[0].lower(), other.partition("-")[0].lower()
    return first == second or {first, second} <= norwegian


def _score_date(wanted: str, got: str | None) -> tuple[bool, bool]:
    gold = datetime.fromisoformat(wanted)
    if not got:
        return False, False
    moment = datetime.fromisoformat(got)
    if moment.tzinfo is None or gold.tzinfo is None:
        moment, gold = moment.replace(tzinfo=UTC), gold.replace(tzinfo=UTC)
    gap = abs((moment - gold).total_seconds())
    is_day = moment.astimezone(gold.tzinfo).date() == gold.date() or got[:10] == wanted[:10]
    return is_day, gap < 60 and "T" in got


def _score_metadata(row: Row, got: Row, sums: Counter[str], misses: list[str]) -> None:
    gold, read = row["gold"], RELABELLED.get(row["id"], {})
    sums["labelled"] += 1
    is_title = (gold["title"] or "").split() == got.get("title", "").split()
    sums["title"] += is_title
    sums["title_lenient"] += _plain(gold["title"] or "") == _plain(got.get("title", ""))
    if not is_title:
        misses.append(f"title {gold['title']!r}\n      got {got.get('title')!r}")
    wanted = {_plain(name) for name in gold["authors"] or []}
    is_set = wanted == {_plain(name) for name in got.get("authors", [])}
    sums["authors"] += is_set
    if not is_set:
        misses.append(
            f"authors {gold['authors']} got {got.get('authors')} agencies {got.get('agencies')}"
        )
    if gold.get("published"):
        stated = got.get("published")
        is_day, is_minute = _score_date(gold["published"], stated)
        sums["dates"] += 1
        sums["date_day"] += is_day
        sums["date_day_read"] += _score_date(read.get("published", gold["published"]), stated)[0]
        is_zoned = "+" in gold["published"][10:]
        sums["minutes"] += is_zoned
        sums["date_minute"] += is_minute and is_zoned
        if not (is_day and (is_minute or not is_zoned)):
            misses.append(f"date {gold['published']} got {got.get('published')}")
    if row.get("lang"):
        sums["languages"] += 1
        is_language = _is_same_language(row["lang"], got.get("language", ""))
        sums["language"] += is_language
        sums["language_read"] += _is_same_language(
            read.get("lang") or row["lang"], got.get("language", "")
        )
        if not is_language:
            misses.append(f"language {row['lang']} got {got.get('language')}")
    _score_pictures(gold["images"] or [], got.get("images", []), sums, misses)


def _share(sums: Counter[str], part: str, whole: str) -> float:
    return sums[part] / sums[whole] if sums[whole] else 0.0


def sum_metadata(sums: Counter[str]) -> Figures:
    """Give the accuracy of what is labelled beside the body."""
    if not sums["labelled"]:
        return {}
    pairs = {
        "title": ("title", "labelled"), "title_lenient": ("title_lenient", "labelled"),
        "authors": ("authors", "labelled"), "date_day": ("date_day", "dates"),
        "date_day_read": ("date_day_read", "dates"), "date_minute": ("date_minute", "minutes"),
        "language": ("language", "languages"), "language_read": ("language_read", "languages"),
        "image_recall": ("images_hit", "images_gold"),
        "image_precision": ("images_hit", "images_found"),
        "captions": ("captions_hit", "captions_gold"), "credits": ("credits_hit", "credits_gold"),
    }  # fmt: skip
    return {name: _share(sums, *pair) for name, pair in pairs.items()}


def read_rows(folder: Path, half: str) -> list[Row]:
    """Read the labelled pages of a set, or every other one."""
    lines = (folder / "gold.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    for row in rows:
        row["html_path"] = str(folder / row["html"])
    if half == "dev":
        return rows[::2]
    return rows[1::2] if half == "check" else rows


def _ask(rows: list[Row]) -> list[Row]:
    return list(
        extract_batch({"id": r["id"], "url": r["url"], "html_path": r["html_path"]} for r in rows)
    )


def _run_trafilatura(rows: list[Row]) -> tuple[list[str], float]:
    from trafilatura import bare_extraction

    texts = []
    start = time.process_time()
    for row in rows:
        body = gzip.decompress(Path(row["html_path"]).read_bytes())
        found = bare_extraction(
            body, favor_precision=True, include_comments=False, with_metadata=True
        )
        texts.append(str(getattr(found, "text", "") or ""))
    return texts, time.process_time() - start


def _report_worst(rows: list[Row], results: list[Row], scores: list[Any], count: int) -> None:
    order = sorted(range(len(rows)), key=lambda i: scores[i][0])[:count]
    for i in order:
        tp, fp, fn = scores[i]
        print(
            f"\n{rows[i]['html_path']} {rows[i]['url']}\n  tp {tp:.2f} fp {fp:.2f} fn "
            f"{fn:.2f} {results[i].get('error', '')}"
        )


def measure_set(folder: Path, half: str, worst: int = 0, verbose: str = "") -> dict[str, Figures]:
    """Measure one set: alone, with its hosts' other pages, and the peer."""
    rows = read_rows(folder, half)
    everything = read_rows(folder, "all")
    start = time.process_time()
    alone = [_ask([row])[0] for row in rows]
    seconds = time.process_time() - start
    wanted = {row["id"] for row in rows}
    together = [got for got in _ask(everything) if got["id"] in wanted]
    peer, peer_seconds = _run_trafilatura(rows)
    scores = [
        compare_body(got.get("text", ""), row["gold"]["texts"])
        for row, got in zip(rows, alone, strict=True)
    ]
    shared = [
        compare_body(got.get("text", ""), row["gold"]["texts"])
        for row, got in zip(rows, together, strict=True)
    ]
    theirs = [
        compare_body(text, row["gold"]["texts"]) for row, text in zip(rows, peer, strict=True)
    ]
    sums: Counter[str] = Counter()
    for row, got in zip(rows, alone, strict=True):
        if "title" in row["gold"]:
            misses: list[str] = []
            _score_metadata(row, got, sums, misses)
            for miss in misses:
                if verbose and miss.startswith(tuple(verbose.split(","))):
                    print(f"{Path(row['html_path']).name} {miss}")
    if worst:
        _report_worst(rows, alone, scores, worst)
    per_language: defaultdict[str, list[tuple[float, float, float]]] = defaultdict(list)
    for row, score in zip(rows, scores, strict=True):
        per_language[row.get("lang") or "?"].append(score)
    return {
        "dragoman": {
            **sum_bodies(scores),
            "pages_per_s": len(rows) / seconds,
            "errors": float(sum("error" in g for g in alone)),
            **sum_metadata(sums),
        },
        "dragoman, host known": sum_bodies(shared),
        "trafilatura precision": {**sum_bodies(theirs), "pages_per_s": len(rows) / peer_seconds},
        "f1 by language": {
            name: sum_bodies(found)["f1"] for name, found in sorted(per_language.items())
        },
    }


def main(
    data: Path, half: str = "all", only: str = "", worst: int = 0, verbose: str = ""
) -> dict[str, dict[str, Figures]]:
    """Measure every set in a folder and give the figures by set and tool."""
    folders = sorted(path.parent for path in data.glob("*/gold.jsonl"))
    return {
        f.name: measure_set(f, half, worst, verbose) for f in folders if not only or f.name == only
    }


def _print(figures: dict[str, dict[str, Figures]]) -> None:
    for name, tools in figures.items():
        print(f"\n{name}")
        for tool, values in tools.items():
            print(f"  {tool:24}" + "  ".join(f"{key} {value:.3f}" for key, value in values.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("all", "dev", "check"), default="all")
    parser.add_argument("--set", default="", dest="only")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument(
        "--misses",
        default="",
        help="print misses that begin so: title,authors,date,image,caption,credit",
    )
    options = parser.parse_args()
    _print(main(options.data, options.half, options.only, options.worst, options.misses))
