"""``story list | show | explain | merge | split``, and ``link`` over the store's articles."""

from __future__ import annotations

import asyncio
import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dragoman.cli.session import opened_runner, opened_store, read_settings
from dragoman.cli.show import show_json, show_progress, show_table, show_time
from dragoman.errors import ConfigError, LinkError

if TYPE_CHECKING:
    from dragoman.config import Settings
    from dragoman.publish.facts import StoryView
    from dragoman.publish.views import Report
    from dragoman.store import Store
    from dragoman.types import Judgement
    from dragoman.web.settings import SiteSettings

app = typer.Typer(no_args_is_help=True, help="Stories: which reports belong together, and why.")
AsJson = Annotated[bool, typer.Option("--json", help="Report as JSON.")]
Edition = Annotated[str, typer.Option(help="Titles as this edition shows them; else the first.")]
By = Annotated[str, typer.Option(help="Who decides; else the user who runs the command.")]

RELATIONS = {
    "copy": "the same text",
    "same-event": "the same event",
    "same-story": "the same story",
    "different": "not the same story",
}


@app.command(name="list")
def list_stories(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many at most.")] = 20,
    edition: Edition = "",
    as_json: AsJson = False,
) -> None:
    """List stories by their last report, newest first."""
    from dragoman import store
    from dragoman.web.shelf import fill_shelf_by_id, find_card

    settings = read_settings(context)
    language = _edition_of(settings, edition)
    rows: list[dict[str, Any]] = []
    with opened_store(settings) as db:
        newest = store.stories.newest(db, limit)
        groups = store.stories.members(db, [one.id for one in newest])
        ids = [g.article for members in groups.values() for g in members]
        shelf = fill_shelf_by_id(db, language, ids)
        for one in newest:
            members = tuple(g for g in groups.get(one.id, ()) if g.article in shelf.articles)
            if members:
                rows.append({
                    "id": one.id,
                    "title": find_card(shelf, one.id, members).headline.text,
                    "newest": one.newest,
                    "reports": one.articles,
                    "events": len({g.event for g in members}),
                    "languages": one.languages,
                    "sources": one.sources,
                })  # fmt: skip
    if as_json:
        show_json(rows)
        return
    columns = ("story", "last report", "reports", "events", "languages", "title")
    cells = [
        (r["id"], show_time(r["newest"]), r["reports"], r["events"], r["languages"], r["title"])
        for r in rows
    ]
    show_table("", columns, cells)


@app.command()
def show(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The id of a story; an old one leads to the new.")],
    edition: Edition = "",
    as_json: AsJson = False,
) -> None:
    """Show a story: its events and reports, who is silent, and figures that differ."""
    from dragoman.web.stories import build_story

    settings = read_settings(context)
    language = _edition_of(settings, edition)
    with opened_store(settings) as db:
        view = build_story(db, _site_of(settings), language, story)
    if view is None:
        raise LinkError(f"{story}: there is no such story; `dragoman story list` shows them")
    if as_json:
        show_json(_describe(view))
    else:
        _print_story(view)


def _print_story(view: StoryView) -> None:
    from dragoman.publish.facts import name_difference, write_amount
    from dragoman.publish.wording import wording

    words = wording(view.frame.language)
    typer.echo(f"{view.card.id}: {view.card.headline.text}")
    typer.echo(f"{view.card.reports} reports, {len(view.by_language)} languages")
    for number, event in enumerate(view.timeline, 1):
        rows = []
        for report in event.reports:
            rows.append(_list_report(report))
            rows += [_list_report(copy, f"copy of {report.id}") for copy in report.also_in]
        columns = ("published", "article", "language", "publisher", "title", "")
        typer.echo("")
        show_table(f"Event {number}: {event.head.headline.text}", columns, rows)
    if view.differing:
        typer.echo("\nFigures that differ")
    for one in view.differing:
        amounts = (
            f"{write_amount(said, one.unit, words)} ({said.report.publisher.name})"
            for said in one.sayings
        )
        typer.echo(f"  {name_difference(one, words)}: {'; '.join(amounts)}")
    if view.silent_sources:
        names = ", ".join(publisher.name for publisher in view.silent_sources)
        typer.echo(f"\nUsually there, and silent: {names}")


def _list_report(report: Report, note: str = "") -> tuple[str, ...]:
    headline, outlet = report.headline, report.publisher.name
    at = show_time(report.at.at) if report.at else "not stated"
    return (at, report.id, headline.original_language, outlet, headline.text, note)


def _describe(view: StoryView) -> dict[str, Any]:
    return {
        "id": view.card.id,
        "edition": view.frame.language,
        "title": view.card.headline.text,
        "title_language": view.card.headline.language,
        "reports": view.card.reports,
        "languages": dict(view.by_language),
        "countries": dict(view.by_country),
        "events": [
            {
                "title": event.head.headline.text,
                "reports": [_describe_report(report) for report in event.reports],
            }
            for event in view.timeline
        ],
        "differing": [
            {
                "counts": one.kind,
                "who": one.who,
                "unit": one.unit,
                "figures": [
                    {
                        "value": said.value,
                        "bound": said.bound,
                        "article": said.report.id,
                        "source": said.report.publisher.id,
                        "quote": said.quote,
                        "translation": said.translation,
                    }
                    for said in one.sayings
                ],
            }
            for one in view.differing
        ],
        "silent_languages": list(view.silent),
        "silent_sources": [publisher.id for publisher in view.silent_sources],
    }


def _describe_report(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "source": report.publisher.id,
        "language": report.headline.original_language,
        "title": report.headline.text,
        "original_title": report.headline.original,
        "published": report.at.at if report.at else None,
        "url": report.url,
        "copies": [copy.id for copy in report.also_in],
    }


@app.command()
def explain(
    context: typer.Context,
    one: Annotated[str, typer.Argument(help="The id of an article, or of a story.")],
    other: Annotated[str, typer.Argument(help="The id of another.")],
    as_json: AsJson = False,
) -> None:
    """Say how two articles stand to one another, and why."""
    from dragoman.steps import explain_pair

    with opened_store(read_settings(context)) as db:
        found = explain_pair(db, one, other)
    if as_json:
        show_json(found)
        return
    names = f"{found.one.article} and {found.other.article}"
    typer.echo(f"{names}: {RELATIONS[found.relation.value]}")
    for judged in found.path:
        typer.echo(_write_judgement(judged))
    if found.parted:
        typer.echo(_write_judgement(found.parted))
    if not found.path and not found.parted:
        typer.echo("No judgement joins them.")
    if found.fresh:
        typer.echo("Judged alone, without the reports around them:")
        typer.echo(_write_judgement(found.fresh))


def _write_judgement(judged: Judgement) -> str:
    relation = RELATIONS[judged.relation.value]
    text = f"  {judged.article} and {judged.other}: {relation}, {judged.score:.2f}, by {judged.by}"
    if judged.runner_up:
        text += f"; next best {judged.runner_up}, {judged.runner_up_score:.2f}"
    return "\n".join([text, *(f"    {reason}" for reason in judged.reasons)])


@app.command()
def merge(
    context: typer.Context,
    one: Annotated[str, typer.Argument(help="The id of a story.")],
    other: Annotated[str, typer.Argument(help="The id of the story that is the same.")],
    same_event: Annotated[
        bool, typer.Option("--same-event", help="Their first reports tell of one happening.")
    ] = False,
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Make one story of two, for good; the address that goes leads to the one that stays."""
    from dragoman.steps import merge_stories

    with opened_store(read_settings(context)) as db:
        id = merge_stories(db, one, other, by or _user(), is_event=same_event)
    if as_json:
        show_json({"story": id})
    else:
        typer.echo(f"{one} and {other} are one story: {id}.")


@app.command()
def split(
    context: typer.Context,
    story: Annotated[str, typer.Argument(help="The id of a story.")],
    articles: Annotated[list[str], typer.Argument(help="The articles that do not belong to it.")],
    by: By = "",
    as_json: AsJson = False,
) -> None:
    """Make a story of its own of reports that do not belong to the one they are in, for good."""
    from dragoman.steps import split_story

    with opened_store(read_settings(context)) as db:
        parted = split_story(db, story, articles, by or _user())
    if as_json:
        show_json(parted)
    else:
        typer.echo(f"{parted.parted} is a story of its own; the others are {parted.story}.")


def link_store(context: typer.Context, *, is_anew: bool) -> None:
    """Link what waits in the store; with ``is_anew`` everything, people's word excepted."""
    from dragoman.steps import Pass, link_articles, relink

    settings = read_settings(context)
    with opened_store(settings) as db, opened_runner(settings) as runner:
        if is_anew:
            typer.echo(f"{relink(db)} articles are linked anew.", err=True)
        with show_progress() as progress:
            work = Pass(db, runner, settings, progress=progress)
            asyncio.run(link_articles(work))
        count = _count(db)
    typer.echo(f"{work.counts['linked']} articles linked; {count} stories.")
    if work.failures:
        raise LinkError(f"not all could be linked: {work.failures[0].message}")


def _count(db: Store) -> int:
    from dragoman import store

    return store.stories.count_stories(db)


def _edition_of(settings: Settings, edition: str) -> str:
    if edition and edition not in settings.editions:
        known = ", ".join(settings.editions)
        raise ConfigError(f"{edition}: no edition of this site; its editions are {known}")
    return edition or settings.editions[0]


def _site_of(settings: Settings) -> SiteSettings:
    from dragoman.web.settings import SiteSettings

    return SiteSettings(settings.site.title, settings.site.base_url, settings.editions)


def _user() -> str:
    """Give the name of the user who runs the command; an empty one where there is none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
