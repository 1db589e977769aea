"""The order of an archive's run, and nowhere else: cut → read → translate → link.

Each step takes what has no line in the ledger, has it made by the runner, and writes it under a
name that follows from the input. So a run can be killed at any instant and begun again.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import structlog

from dragoman import link, translate
from dragoman.archives.ledger import Ledger
from dragoman.archives.linking import Capture, link_captures, list_captures, settle_captures
from dragoman.archives.places import Place
from dragoman.archives.reading import (
    Group,
    Part,
    Source,
    cut_archive,
    digest_of,
    failure_row,
    list_pages,
    probe_page,
    read_group,
    record_of,
)
from dragoman.archives.tables import Row, join_files, read_rows, write_rows
from dragoman.archives.translating import failure_row as untranslated_row
from dragoman.archives.translating import translate_part
from dragoman.errors import DragomanError, EngineDied, StageError
from dragoman.runner import Runner
from dragoman.types import EngineSpec

log = structlog.get_logger(__name__)

Report = Callable[[str, int, int, int], None]  # step, done, total, articles made by it so far

RECORDS = 200  # of a group: pages of one host meet in it, and little is lost with a worker
SHARE = 25  # articles translated at a time
_PACE = 1_000_000  # bytes a second that any archive is read with at least


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: for one page, for one translation."""

    page_s: float = 60.0
    translation_s: float = 600.0


@dataclass(slots=True)
class Run:
    """What a run works with, and what could not be done this time."""

    ledger: Ledger
    runner: Runner
    source: Source
    limits: Limits
    report: Report
    records: int = RECORDS
    scale: link.Scale = field(default_factory=link.Scale)
    unread: dict[str, str] = field(default_factory=dict)  # to be tried again, and why

    def counts(self) -> Counter[str]:
        """Give what was made in all, by this run and those before it."""
        return self.ledger.counts()


async def run_archive(
    run: Run, places: Sequence[Place], into: Sequence[str], specs: Sequence[EngineSpec]
) -> Counter[str]:
    """Take archives to tables; give the counts of all that is there."""
    groups = await _cut(run, places)
    await _read(run, groups)
    keys = [group.key for group in groups]
    captures = list_captures(run.ledger, keys)
    rest = [_link(run, keys, captures)]  # which reads articles alone
    if into:
        rest.append(_translate(run, captures, into, specs))
    await asyncio.gather(*rest)
    return run.counts()


# -- Cut and read --------------------------------------------------------------


async def _cut(run: Run, places: Sequence[Place]) -> list[Group]:
    """Cut each archive into groups, once and for all."""
    jobs = [
        (place, (place.name, run.source, run.records, place.size))
        for place in places
        if run.ledger.find(_cut_key(place)) is None
    ]
    deadline_s = 600.0 + max((place.size for place, _ in jobs), default=0) / _PACE
    done = 0
    if jobs:
        run.report("cut", 0, len(jobs), 0)
    async with aclosing(_each(run, cut_archive, jobs, deadline_s)) as outcomes:
        async for outcome in outcomes:
            done += 1
            place: Place = outcome.item
            if outcome.error is None:
                ends = [(group.start, group.end) for group in outcome.value or ()]
                run.ledger.put(_cut_key(place), {}, groups=ends)
            else:
                _leave_out(run, place, outcome.error)
            run.report("cut", done, len(jobs), 0)
    return [
        Group(place.name, start, end)
        for place in places
        for start, end in (run.ledger.find(_cut_key(place)) or {}).get("groups", ())
    ]


def _cut_key(place: Place) -> str:
    return f"cut-{digest_of(place.name)}"


def _leave_out(run: Run, place: Place, error: Exception) -> None:
    """State an archive that cannot be read: for good, or to be tried by the next run."""
    if isinstance(error, StageError) and error.permanent:
        row = failure_row(Group(place.name, 0, 0), 0, place.name, error) | {"stage": "read"}
        path = f"failures/{_cut_key(place)}.parquet"
        body = write_rows("failures", [row | {"record": record_of(place.name, 0)}])
        run.ledger.put(_cut_key(place), {path: body}, groups=[], counts={"failures": 1})
    else:
        run.unread[place.name] = _describe(error)


async def _read(run: Run, groups: Sequence[Group]) -> None:
    """Make the tables of every group that has none yet."""
    total = sum(group.end - group.start for group in groups)
    undone = [group for group in groups if run.ledger.find(group.key) is None]
    done = total - sum(group.end - group.start for group in undone)
    articles = 0
    run.report("read", done, total, articles)
    jobs: list[Any] = [(group, (group, run.source, {})) for group in undone]
    deadline_s = run.limits.page_s + 4.0 * run.records
    dead: list[Group] = []
    async with aclosing(_each(run, read_group, jobs, deadline_s)) as outcomes:
        async for outcome in outcomes:
            group: Group = outcome.item
            if isinstance(outcome.error, EngineDied):
                dead.append(group)
                continue
            if outcome.error is not None:
                run.unread[group.archive] = _describe(outcome.error)
                continue
            articles += _keep_group(run, group, outcome.value)
            done += group.end - group.start
            run.report("read", done, total, articles)
    for group in dead:
        articles += await _read_carefully(run, group)
        done += group.end - group.start
        run.report("read", done, total, articles)


def _keep_group(run: Run, group: Group, part: Part) -> int:
    files = {f"{table}/{group.key}.parquet": body for table, body in part.files.items()}
    run.ledger.put(group.key, files, counts=part.counts)
    return part.counts["articles"]


async def _read_carefully(run: Run, group: Group) -> int:
    """Find the pages of a group that kill workers, and read the others without them."""
    pages = await run.runner.call(
        list_pages, group, run.source, deadline_s=run.limits.page_s + 600.0
    )
    urls = dict(pages)
    jobs = [(at, (group, run.source, at)) for at in urls]
    skipped: dict[int, Row] = {}
    async with aclosing(_each(run, probe_page, jobs, run.limits.page_s)) as outcomes:
        async for outcome in outcomes:
            if isinstance(outcome.error, EngineDied):
                at: int = outcome.item
                row = failure_row(
                    group, at, urls[at], EngineDied("it ended the worker that read it")
                )
                skipped[at] = row
    deadline_s = run.limits.page_s * (len(pages) + 1)
    try:
        part = await run.runner.call(read_group, group, run.source, skipped, deadline_s=deadline_s)
    except StageError as error:  # no single page is to blame: all are stated
        rows = [failure_row(group, at, url, error) for at, url in pages]
        part = Part(
            {"failures": write_rows("failures", rows)}, {"articles": 0, "failures": len(rows)}
        )
    return _keep_group(run, group, part)


async def _link(run: Run, keys: Sequence[str], captures: Sequence[Capture]) -> None:
    """Compute copies and stories of all that is there, beside the rest."""
    key = f"stories-{digest_of(' '.join(key for key in keys if run.ledger.find(key)))}"
    scale, made = _figures(run.scale), run.ledger.find(key)
    is_made = made is not None and made.get("scale", _figures(link.Scale())) == scale
    if is_made or not captures:
        return
    run.report("link", 0, len(captures), 0)
    files = await link_captures(
        run.ledger,
        captures,
        run.runner,
        lambda done, total: run.report("link", done, total, done),
        scale=run.scale,
    )
    run.ledger.put(key, files, scale=scale)


def _figures(scale: link.Scale) -> list[float]:
    return [scale.days, scale.least]


# -- Translate --------------------------------------------------------------------


async def _translate(
    run: Run, captures: Sequence[Capture], into: Sequence[str], specs: Sequence[EngineSpec]
) -> None:
    """Translate every article, duplicates left out, into every language."""
    legs = await run.runner.call(translate.available_legs, specs, deadline_s=120.0)
    texts, _ = settle_captures(captures)
    parts: defaultdict[str, list[Capture]] = defaultdict(list)
    for one in texts:
        parts[one.part].append(one)
    for language in into:
        shares = [
            (key, at, [one.record for one in some[at : at + SHARE]])
            for key, found in sorted(parts.items())
            for some in [sorted(found, key=lambda one: one.row)]
            for at in range(0, len(some), SHARE)
        ]
        await _translate_into(run, language, shares, (tuple(legs), tuple(specs)))


async def _translate_into(
    run: Run, into: str, shares: Sequence[tuple[str, int, list[str]]], engines: tuple[Any, Any]
) -> None:
    total = sum(len(records) for _, _, records in shares)
    undone = [share for share in shares if run.ledger.find(_share_key(share, into)) is None]
    done = total - sum(len(records) for _, _, records in undone)
    jobs = (
        (share, (run.ledger.read(f"articles/{share[0]}.parquet"), share[2], into, *engines))
        for share in undone
    )
    made = 0
    step = f"translate into {into}"
    run.report(step, done, total, made)
    async with aclosing(_each(run, translate_part, jobs, run.limits.translation_s)) as outcomes:
        async for outcome in outcomes:
            share: tuple[str, int, list[str]] = outcome.item
            part = outcome.value
            if isinstance(outcome.error, EngineDied):
                part = await _translate_carefully(run, share, into, engines)
            elif part is None:
                run.unread[share[0]] = _describe(outcome.error or StageError("no answer"))
                continue
            key = _share_key(share, into)
            files = {f"{table}/{key}.parquet": body for table, body in part.files.items()}
            run.ledger.put(key, files, counts=part.counts)
            done += len(share[2])
            made += part.counts["translations"]
            run.report(step, done, total, made)


def _share_key(share: tuple[str, int, list[str]], into: str) -> str:
    return f"{share[0]}-{into}-{share[1]:05d}"


async def _translate_carefully(
    run: Run, share: tuple[str, int, list[str]], into: str, engines: tuple[Any, Any]
) -> Part:
    """Translate the articles of a share one by one, each under its own deadline."""
    articles = run.ledger.read(f"articles/{share[0]}.parquet")
    jobs = [(record, (articles, [record], into, *engines)) for record in share[2]]
    found: dict[str, Part] = {}
    async with aclosing(_each(run, translate_part, jobs, run.limits.translation_s)) as outcomes:
        async for outcome in outcomes:
            if outcome.value is not None:
                found[outcome.item] = outcome.value
            else:
                error = outcome.error or StageError("neither a translation nor an error")
                row = next(r for r in read_rows(articles) if r["record"] == outcome.item)
                body = write_rows("failures", [untranslated_row(row, into, error)])
                found[outcome.item] = Part({"failures": body}, {"translations": 0, "failures": 1})
    parts = [found[record] for record in share[2]]
    tables = sorted({table for part in parts for table in part.files})
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part.counts)
    files = {t: join_files(t, [p.files[t] for p in parts if t in p.files]) for t in tables}
    return Part(files, {"translations": counts["translations"], "failures": counts["failures"]})


def _describe(error: Exception) -> str:
    """Say what happened; what nobody foresaw by its name, and whole in the log."""
    if isinstance(error, DragomanError):
        return str(error)
    log.error("unforeseen", exc_info=error)
    return f"unforeseen {type(error).__name__}: {error}"


def _each(run: Run, function: Any, jobs: Iterable[Any], deadline_s: float) -> Any:
    return run.runner.run_each(function, jobs, deadline_s=deadline_s)
