"""Relay pages that are at hand as text alone, and print what readers would see of them.

    python -m quality.seeds --seeds DIR [--language fr] [--keep FOLDER]

Each `*.txt` of DIR is made into a plain page: its first line of some length is the headline,
what stands above it the header, every other line a paragraph. The pages are served on
loopback, each site on an address of its own, relayed into English, French and Portuguese by the
shipped models and Apertium, and printed with their types, dates, routes and findings.
"""

from __future__ import annotations

import argparse
import gzip
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from html import escape
from pathlib import Path

from dragoman import store
from dragoman.cli.relaying import relay_now
from dragoman.config import load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass
from dragoman.store import Store, open_store
from dragoman.types import Article, Rights, Source, Translation
from quality.relay import served_site

CONFIG = """\
editions = ["en", "fr", "pt"]
data = "."

[fetch]
allow_networks = ["127.0.0.0/8"]
host_interval_s = 0.0

[translate]
engines = ["firefox", "apertium"]
"""
HEADLINE_WORDS = 6


def write_page(text: str, language: str) -> str:
    """Make a page of a text's lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = [len(re.findall(r"[^\W\d_]+", line)) for line in lines]
    at = next(number for number, count in enumerate(words) if count >= HEADLINE_WORDS)
    head, title, body = (list(map(escape, some)) for some in (lines[:at], lines[at:][:1], lines))
    header = "".join(f"<p>{line}</p>" for line in head)
    paragraphs = "\n".join(f"<p>{line}</p>" for line in body[at + 1 :])
    return (
        f'<!doctype html><html lang="{language}"><head><title>{title[0]}</title></head><body>'
        f"<header>{header}</header><article><h1>{title[0]}</h1>\n{paragraphs}</article></body></html>"
    )


def relay_texts(seeds: Path, language: str, folder: Path) -> Iterator[str]:
    """Relay the texts of a folder into a store in another, and give the report's lines."""
    (folder / "dragoman.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(folder / "dragoman.toml")
    runner = LocalRunner()
    with ExitStack() as stack:
        stack.callback(runner.close)
        db = stack.enter_context(open_store(settings.store_url))
        for number, file in enumerate(sorted(seeds.glob("*.txt")), 1):
            page = folder / f"{file.stem}.html.gz"
            page.write_bytes(gzip.compress(write_page(file.read_text("utf-8"), language).encode()))
            pages = [{"path": f"/{file.stem}", "file": str(page), "lang": language}]
            home = stack.enter_context(served_site(f"127.1.2.{number}", pages))
            source = Source(
                f"s{number}", f"{home}/feed.json", file.stem, language, rights=Rights.FULL
            )
            store.sources.put_source(db, source)
        relay_now(Pass(db, runner, settings))
        for article in store.articles.articles(db):
            yield from describe_article(db, article)
        groups = store.stories.groupings(db)
        yield f"stories: {len({one.story for one in groups})} of {len(groups)} articles"


def describe_article(db: Store, article: Article) -> Iterator[str]:
    """Give an article and its translations, block by block."""
    moment = article.published.moment
    yield f"=== {article.url.rpartition('/')[2]} ({article.language}): {article.title}"
    yield f"date: {moment.at.isoformat() if moment else 'unknown'}; authors: {article.authors}"
    yield f"blocks: {dict(Counter(block.kind.value for block in article.blocks))}"
    for block in article.blocks:
        credit = f" (credit: {block.image.credit})" if block.image else ""
        yield f"  [{block.kind}] {block.text}{credit}"
    for made in store.translations.translations(db, article.id):
        yield from describe_translation(made)


def describe_translation(made: Translation) -> Iterator[str]:
    """Give a translation with its route and the gate's findings."""
    gist = ", a gist" if made.route and made.route.is_gist else ""
    verdicts = Counter(str(segment.verdict) for segment in made.segments)
    name = made.route.name if made.route else "no route"
    yield f"--- into {made.into}: {made.status}, {name}{gist}; {dict(verdicts)}"
    yield f"  [title] {made.title}"
    for block in made.blocks:
        yield f"  [{block.kind}] {block.text}"
    for segment in made.segments:
        for check in segment.checks:
            yield f"  ! {check.verdict} {check.name}: {check.message}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, required=True)
    parser.add_argument("--language", default="fr")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for line in relay_texts(given.seeds, given.language, folder):
            print(line)


if __name__ == "__main__":
    main()
