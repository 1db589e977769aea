"""``retranslate``: a campaign after a model or the glossary changed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.session import opened_runner, opened_store, read_settings
from dragoman.cli.show import show_json, show_progress
from dragoman.errors import ConfigError

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.steps import Campaign
    from dragoman.store import Store


def retranslate(
    context: typer.Context,
    language: Annotated[str, typer.Option(help="Articles in this language alone.")] = "",
    into: Annotated[str, typer.Option(help="Translations into this language alone.")] = "",
    source: Annotated[str, typer.Option(help="Articles of this source alone.")] = "",
    since: Annotated[str, typer.Option(help="Articles from this day on, like 2026-03-31.")] = "",
    engine: Annotated[str, typer.Option(help="What this engine took part in.")] = "",
    route: Annotated[
        str, typer.Option(help="What came this way: a route as the site shows it, or part of it.")
    ] = "",
    term: Annotated[str, typer.Option(help="Articles in which these words stand.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Translate at once, not by `run`.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Translate articles again, after a model or the glossary changed."""
    from dragoman.steps import Campaign

    settings = read_settings(context)
    campaign = Campaign(
        language=normal_code(language),
        into=normal_code(into),
        source=source,
        since=_read_day(since),
        engine=engine,
        route=route,
        words=term,
    )
    with opened_store(settings) as db:
        report = run_campaign(settings, db, campaign, dry_run=dry_run, now=now, as_json=as_json)
    if as_json:
        show_json(report)
    else:
        typer.echo(_describe(report, dry_run=dry_run, now=now))


def run_campaign(
    settings: Settings,
    db: Store,
    campaign: Campaign,
    *,
    dry_run: bool = False,
    now: bool = False,
    as_json: bool = False,
) -> dict[str, object]:
    """Find what a campaign affects, mark it, and translate it where that is asked for."""
    from dragoman.steps import count_editions, find_affected, mark_again

    with show_progress(not as_json) as progress:
        affected = find_affected(
            db, campaign, lambda done, total: progress("search", done, total, "translations")
        )
    report: dict[str, object] = {
        "translations": len(affected),
        "articles": len({article for article, _ in affected}),
        "editions": count_editions(affected),
    }
    if not dry_run:
        report["marked"] = mark_again(db, affected)
    if now and not dry_run:
        report |= _translate_now(settings, db, as_json=as_json)
    return report


def _translate_now(settings: Settings, db: Store, *, as_json: bool) -> dict[str, object]:
    from dragoman import store
    from dragoman.steps import Pass, translate_articles

    before = store.translations.count_former(db)
    with opened_runner(settings) as runner, show_progress(not as_json) as progress:
        work = Pass(db, runner, settings, progress)
        asyncio.run(translate_articles(work))
    tally = work.tally()
    return {
        "translated": tally.translated,
        "changed": store.translations.count_former(db) - before,
        "failed": len(tally.failures),
    }


def _describe(report: dict[str, object], *, dry_run: bool, now: bool) -> str:
    editions = report["editions"]
    counts = editions if isinstance(editions, dict) else {}
    where = ", ".join(f"{count} into {into}" for into, count in counts.items())
    words = f"{report['translations']} translations of {report['articles']} articles"
    words += f" ({where})" if where else ""
    if dry_run or not counts:
        return f"{words} are affected."
    if now:
        return (
            f"{words} were marked; {report['translated']} were made again, {report['changed']} "
            f"of them read otherwise now, {report['failed']} failed."
        )
    return f"{words} are made again by `dragoman once` or `run`; until then the old ones are shown."


def normal_code(code: str) -> str:
    """Give the usual spelling of a language code that may be left out."""
    from dragoman.languages import normalise

    return normalise(code) if code else ""


def _read_day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as error:
        raise ConfigError(f"--since {text} is no day; write it like 2026-03-31") from error


def add_commands(app: typer.Typer) -> None:
    """Add this command to the front door."""
    app.command()(retranslate)
