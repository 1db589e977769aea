"""A new report is judged against known ones by what was kept of them, or by their texts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from dragoman import link, store
from dragoman.config import Settings
from dragoman.steps import Pass, link_articles
from dragoman.store import open_store
from dragoman.store.schema import vectors
from dragoman.types import Article, Block, BlockKind, Dating, LinkInput, Moment, Source, Text

FERRY = {
    "a": "A ferry carrying 212 passengers ran aground on Monday off the island of Maravel in "
    "Portugal. Captain Teodora Quillan said the ship had lost power at dawn.",
    "b": "All 212 passengers of a ferry that ran aground off Maravel island in Portugal on Monday "
    "are safe. The ship had lost power, said Captain Teodora Quillan.",
}


class Seeing:
    """A runner without processes that remembers what was judged against what."""

    workers = 1
    known: tuple[LinkInput, ...] = ()

    async def call(self, function: Callable[..., Any], *args: Any, deadline_s: float) -> Any:
        """Run a function here."""
        if function is link.judge_stream:
            self.known = tuple(args[1])
        return function(*args)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_known_report_is_read_from_what_was_kept_or_from_its_text(
    tmp_path: Path, is_kept: bool
) -> None:
    runner = Seeing()
    with open_store(tmp_path / "relay.db") as db:
        work = Pass(db, runner, Settings(data=tmp_path))  # type: ignore[arg-type]
        store.sources.put_source(db, Source("press", "https://press.example/feed", "Press"))
        for id, text in FERRY.items():
            block = Block(BlockKind.PARAGRAPH, (Text(text),))
            at = Dating(Moment(datetime(2025, 3, 3, 9 + len(runner.known), tzinfo=UTC)))
            url = f"https://{id}.example/ferry"
            report = Article(id, "press", url, "en", "Ferry aground off Maravel", (block,), at)
            store.articles.put_article(db, report, "1")
            asyncio.run(link_articles(work))
            if not is_kept:  # as an older version left it
                with db.write() as connection:
                    connection.execute(update(vectors).values(features=None))
        (known,) = runner.known
        assert bool(known.text) is not is_kept
        assert len({one.event for one in store.stories.groupings(db)}) == 1
