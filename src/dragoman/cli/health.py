"""``status`` and ``doctor``."""

from __future__ import annotations

import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli.session import opened_store, read_settings
from dragoman.cli.show import show_json, show_table, show_time
from dragoman.cli.webhook import show_messages
from dragoman.errors import DragomanError
from dragoman.types import Lesson, Source, SourceState, TranslationStatus, Work, WorkState

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.ingest import ClosedHost
    from dragoman.store.leading import Leader
    from dragoman.store.work import Counts

DRIFT_SHOWN = timedelta(days=7)  # how long a changed layout is told after the change
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show what was relayed, what waits, and what failed and why."""
    from dragoman import store
    from dragoman.steps import keep_days
    from dragoman.steps.vitals import read_vitals
    from dragoman.store.leading import leader

    settings = read_settings(context)
    vitals = read_vitals(settings.data)
    with opened_store(settings) as db:
        sources = store.sources.sources(db)
        states = store.sources.source_states(db)
        failures = store.work.failures(db)
        counts = store.work.counts(db)
        drifts = store.lessons.drifts(db, datetime.now(UTC) - DRIFT_SHOWN)
        messages = store.webhooks.list_deliveries(db)
        oldest = store.retention.oldest(db)
        relay = leader(db)
    kept = {
        name: {"days": days or None, "oldest": oldest.get(name)}
        for name, days in keep_days(settings).items()
    }
    rows = [(source, states.get(source.id, SourceState(source.id))) for source in sources]
    if as_json:
        show_json(
            {
                "sources": [{"source": source, "state": state} for source, state in rows],
                "counts": counts,
                "failures": failures,
                "drifts": [
                    {"host": one.host, "since": one.drifted, "is_drifting": one.is_drifting}
                    for one in drifts
                ],
                "webhooks": messages,
                "hosts": vitals.closed_hosts,
                "kept": kept,
                "last_pass": vitals.last_pass,
                "relay": relay,
            }
        )
        return
    _show_sources(rows)
    _show_counts(counts)
    _show_failures(failures)
    _show_drifts(drifts)
    show_messages(messages)
    _show_hosts(vitals.closed_hosts)
    _show_kept(kept)
    typer.echo(f"\nRelay: {describe_relay(relay)}.")


def _show_sources(rows: list[tuple[Source, SourceState]]) -> None:
    show_table(
        "Sources",
        ("id", "language", "last read", "next poll", "state"),
        [
            (
                source.id,
                source.language,
                show_time(state.last_success),
                show_time(state.next_poll),
                _describe_state(state),
            )
            for source, state in rows
        ],
    )


def describe_relay(relay: Leader | None) -> str:
    """Say which relay leads."""
    if relay is None:
        return "none runs; `dragoman run` starts one"
    return f"{relay.name} leads, since {show_time(relay.since)} UTC"


def _show_hosts(hosts: list[ClosedHost]) -> None:
    """Show the hosts that are asked nothing for a while."""
    if hosts:
        rows = [
            (
                one.host,
                one.failures or "",
                show_time(one.until),
                one.reason or "it asked us to wait",
            )
            for one in hosts
        ]
        columns = ("host", "failures", "asked again", "reason")
        show_table("\nHosts that are left alone", columns, rows)


def _show_kept(kept: dict[str, dict[str, Any]]) -> None:
    """Show for how long things are kept, and how far back they go."""
    rows = [
        (name, f"{rule['days']} days" if rule["days"] else "for ever", show_time(rule["oldest"]))
        for name, rule in kept.items()
    ]
    show_table("\nKept", ("what", "for", "oldest"), rows)


def _show_drifts(drifts: tuple[Lesson, ...]) -> None:
    """Show the hosts whose pages look otherwise than a week ago."""
    if drifts:
        rows = [(one.host, show_time(one.drifted), _describe_drift(one)) for one in drifts]
        show_table("\nLayouts that changed", ("host", "since", "state"), rows)


def _describe_drift(lesson: Lesson) -> str:
    if lesson.is_drifting:
        return "DRIFTING: the new layout is being learnt; look at an article of this host"
    return "learnt anew"


def _describe_state(state: SourceState) -> str:
    if state.failure is None:
        return "ok" if state.last_success else "not read yet"
    times = "once" if state.failures == 1 else f"{state.failures} times"
    return f"FAILED {times}: {state.failure.message}"


def _show_counts(counts: Counts) -> None:
    rows = [
        (stage, *(states.get(state.value, "") for state in WorkState))
        for stage, states in counts["work"].items()
    ]
    show_table("\nStages", ("stage", *(state.value for state in WorkState)), rows)
    pairs = [
        (pair.replace(">", " → "), *(numbers.get(one.value, "") for one in TranslationStatus))
        for pair, numbers in counts["translations"].items()
    ]
    show_table("\nTranslations", ("pair", *(one.value for one in TranslationStatus)), pairs)
    articles = ", ".join(f"{number} {code}" for code, number in counts["articles"].items())
    typer.echo(
        f"\nArticles: {articles or 'none yet'}. Stories: {counts['stories']}. "
        f"Withdrawn: {counts['withdrawn']}."
    )


def _show_failures(failures: tuple[Work, ...]) -> None:
    """Show one row for each cause, not one for each article."""
    causes: Counter[tuple[str, str, str]] = Counter()
    examples: dict[tuple[str, str, str], Work] = {}
    for work in failures:
        if work.failure is None:
            continue
        cause = (work.stage.value, work.failure.kind, work.state.value)
        causes[cause] += 1
        examples[cause] = work
    if not causes:
        return
    rows = []
    for cause, count in causes.most_common():
        failure = examples[cause].failure
        assert failure is not None
        rows.append((*cause, count, f"{failure.item}: {failure.message}"))
    show_table("\nFailures", ("stage", "cause", "state", "count", "for example"), rows)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the doctor looked at."""

    what: str
    is_well: bool
    message: str


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check clock, database, relay, disk, proxy, passes, engines, encoder; say the remedy."""
    settings = read_settings(context)
    findings = list(_examine(settings))
    if as_json:
        show_json(findings)
    else:
        rows = [("ok" if one.is_well else "FAULT", one.what, one.message) for one in findings]
        show_table("", ("", "what", "finding"), rows)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _examine(settings: Settings) -> Iterator[Finding]:
    checks: tuple[tuple[str, Callable[[Settings], str]], ...] = (
        ("clock", _check_clock),
        ("database", _check_store),
        ("relay", _check_relay),
        ("disk", _check_disk),
        ("proxy", _check_proxy),
        ("passes", _check_passes),
        ("engines", _check_engines),
        ("encoder", _check_encoder),
    )
    for what, check in checks:
        try:
            yield Finding(what, True, check(settings))
        except (DragomanError, OSError) as error:
            yield Finding(what, False, str(error))


def _check_clock(settings: Settings) -> str:
    now = datetime.now(UTC)
    if now.year < 2026:
        raise DragomanError(f"the clock says {now:%Y-%m-%d %H:%M}; set it, or dates will be wrong")
    return f"{now:%Y-%m-%d %H:%M} UTC"


def _check_store(settings: Settings) -> str:
    from dragoman import store

    with opened_store(settings) as db:
        faults = store.check(db)
        count = len(store.sources.sources(db))
    if faults:
        raise DragomanError("; ".join(faults) + "; restore a backup, or export and start anew")
    return f"whole; {count} sources followed" + (
        "" if count else ": `dragoman source add` adds one"
    )


def _check_relay(settings: Settings) -> str:
    from dragoman.store.leading import leader

    with opened_store(settings) as db:
        return describe_relay(leader(db))


def _check_disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data).free
    if free < 1_000_000_000:
        raise DragomanError(f"{settings.data}: {free // 1_000_000} MB free; free at least 1 GB")
    return f"{settings.data}: {free / 1e9:.0f} GB free"


def _check_proxy(settings: Settings) -> str:
    from yarl import URL

    if not settings.fetch.proxy:
        return "none; publishers are asked directly"
    proxy = URL(settings.fetch.proxy)
    place = f"{proxy.host}:{proxy.port}"  # without name and password
    try:
        socket.create_connection((proxy.host or "", proxy.port or 80), timeout=5).close()
    except OSError as error:
        raise DragomanError(f"{place} cannot be reached ({error}); check fetch.proxy") from error
    return f"{place} answers; it resolves the names of publishers"


def _check_passes(settings: Settings) -> str:
    from dragoman.steps.vitals import read_vitals

    vitals = read_vitals(settings.data)
    if vitals.last_pass is None:
        return "no pass has ended yet; `dragoman run` relays"
    words = f"last pass ended {show_time(vitals.last_pass)} UTC, after {vitals.last_pass_s:.0f} s"
    alone = len(vitals.closed_hosts)
    return words + (f"; {alone} hosts are left alone: `dragoman status`" if alone else "")


def _check_engines(settings: Settings) -> str:
    from dragoman.steps import engine_specs
    from dragoman.translate import available_legs

    legs = available_legs(engine_specs(settings))
    if not legs:
        raise DragomanError("no engine has a model; `dragoman models add en pt` adds one")
    pairs: dict[str, set[str]] = {}
    for leg in legs:
        pairs.setdefault(leg.engine, set()).add(f"{leg.language}→{leg.into} ({leg.engine})")
    # A service's hundreds of pairs would bury the rest.
    listed = [
        ", ".join(sorted(some)) if len(some) <= 50 else f"{len(some)} pairs ({engine})"
        for engine, some in pairs.items()
    ]
    return ", ".join(listed)


def _check_encoder(settings: Settings) -> str:
    from dragoman.link import embed
    from dragoman.types import LinkInput

    probe = LinkInput("probe", "", "en", "A ferry sails again", "", datetime.now(UTC))
    (vector,) = embed([probe], settings.link.encoder)
    return f"works; vectors of {len(vector)} bytes"


def add_commands(app: typer.Typer) -> None:
    """Add these commands to the front door."""
    app.command()(status)
    app.command()(doctor)
