"""The commands of stories, on a relay whose articles were really linked."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman import store
from dragoman.cli.relaying import site_settings
from dragoman.config import load_settings
from dragoman.types import Article, Block, BlockKind, Dating, Moment, Source, Text
from dragoman.web import answer
from tests.cli.running import dragoman
from tests.link.conftest import REPORTS

CONFIG = 'data = "."\neditions = ["en", "pt"]\n'


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A relay with the invented reports of the linker's tests, linked by the command itself."""
    folder = tmp_path_factory.mktemp("linked")
    (folder / "dragoman.toml").write_text(CONFIG)
    with store.open_store(folder / "relay.db") as db:
        store.sources.put_source(db, Source("tide", "https://tide.example/feed", "The Tide", "en"))
        for id, language, at, title, text in REPORTS:
            when = datetime.fromisoformat(at).replace(tzinfo=UTC)
            block = Block(BlockKind.PARAGRAPH, (Text(text),))
            dating = Dating(Moment(when))
            url = f"https://tide.example/{id}"
            article = Article(id, "tide", url, language, title, (block,), dating, first_seen=when)
            store.articles.put_article(db, article, "1")
    done = dragoman("link", "--stored", cwd=folder)
    assert f"{len(REPORTS)} articles linked" in done.stdout
    return folder


@pytest.fixture
def home(linked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(linked, tmp_path / "home"))


def story_of(home: Path, article: str) -> str:
    with store.open_store(home / "relay.db") as db:
        (found,) = store.stories.groupings(db, [article])
        return found.story


def test_stories_are_listed_newest_first_with_their_titles(home: Path) -> None:
    rows = json.loads(dragoman("story", "list", "--json", cwd=home).stdout)
    assert [row["newest"] for row in rows] == sorted((r["newest"] for r in rows), reverse=True)
    ferry = next(row for row in rows if row["id"] == story_of(home, "ferry-en"))
    assert ferry["languages"] >= 3
    assert "ferry" in ferry["title"].lower()
    assert ferry["id"] in dragoman("story", "list", cwd=home).stdout
    portuguese = json.loads(dragoman("story", "list", "--edition", "pt", "--json", cwd=home).stdout)
    assert any("Ferry com 212 pessoas" in row["title"] for row in portuguese)


def test_a_story_is_shown_with_its_events_and_reports(home: Path) -> None:
    shown = dragoman("story", "show", "ferry-en", cwd=home).stdout
    assert "Event 1" in shown
    assert "ferry-pt" in shown
    told = json.loads(dragoman("story", "show", "ferry-en", "--json", cwd=home).stdout)
    ids = {report["id"] for event in told["events"] for report in event["reports"]}
    assert {"ferry-en", "ferry-pt", "ferry-ar"} <= ids
    assert told["languages"]["ar"] == 1


def test_every_link_is_explained_by_the_judgements_that_lead_from_one_to_the_other(
    home: Path,
) -> None:
    told = dragoman("story", "explain", "ferry-ar", "ferry-en", cwd=home).stdout
    assert "ferry-ar and ferry-en: the same event" in told
    assert "by dragoman" in told
    found = json.loads(
        dragoman("story", "explain", "ferry-ar", "ferry-en", "--json", cwd=home).stdout
    )
    assert found["path"]
    assert all(judged["reasons"] for judged in found["path"])
    apart = dragoman("story", "explain", "ferry-en", "quake-pe", cwd=home).stdout
    assert "not the same story" in apart
    assert "No judgement joins them" in apart


def test_a_merged_story_redirects(home: Path) -> None:
    old = story_of(home, "quake-pe")
    done = dragoman("story", "merge", "ferry-en", old, "--by", "Ana", "--json", cwd=home)
    merged = json.loads(done.stdout)["story"]
    assert merged == story_of(home, "ferry-en") == story_of(home, "quake-pe")
    with store.open_store(home / "relay.db") as db:
        site = site_settings(load_settings(home / "dragoman.toml"))
        moved = answer(db, site, f"/en/story/{old}/")
        assert (moved.status, moved.fields["location"]) == (301, f"/en/story/{merged}/")
    told = dragoman("story", "explain", "ferry-en", "quake-pe", cwd=home).stdout
    assert "by Ana" in told


def test_what_people_decided_stands_when_all_is_linked_anew(home: Path) -> None:
    done = dragoman("story", "split", "ferry-en", "ferry-pt", "ferry-ar", "--by", "Ana", cwd=home)
    assert "is a story of its own" in done.stdout
    # A person who is called as the program is stays a person.
    dragoman("story", "merge", "ferry-en", "quake-pe", "--by", "dragoman", cwd=home)
    members = ("ferry-en", "quake-pe", "ferry-pt", "ferry-ar")

    def stories() -> list[str]:
        return [story_of(home, id) for id in members]

    assert stories() == ["ferry-en", "ferry-en", "ferry-pt", "ferry-pt"]
    dragoman("link", "--again", cwd=home)
    assert stories() == ["ferry-en", "ferry-en", "ferry-pt", "ferry-pt"]
    told = dragoman("story", "explain", "ferry-en", "ferry-pt", cwd=home).stdout
    assert "not the same story, 1.00, by Ana" in told


def test_a_split_is_undone_by_a_merge(home: Path) -> None:
    dragoman("story", "split", "ferry-en", "ferry-pt", "ferry-ar", cwd=home)
    dragoman("story", "merge", "ferry-en", "ferry-pt", "--same-event", cwd=home)
    with store.open_store(home / "relay.db") as db:
        groups = store.stories.groupings(db, ["ferry-en", "ferry-pt", "ferry-ar"])
        assert {(one.event, one.story) for one in groups} == {("ferry-en", "ferry-en")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nothing"), "there is no such story; `dragoman story list`"),
        (("merge", "ferry-en", "nothing"), "there is no such story"),
        (("merge", "ferry-en", "ferry-en"), "are one story already"),
        (("split", "ferry-en", "quake-pe"), "quake-pe: not in the story ferry-en"),
        (("explain", "ferry-en", "nothing"), "no article of this id is linked"),
        (("explain", "ferry-en", "ferry-en"), "are one article; name two"),
    ],
)
def test_a_mistake_is_answered_with_the_next_step(
    home: Path, words: tuple[str, ...], said: str
) -> None:
    assert said in dragoman("story", *words, cwd=home, expected=1).stderr


def test_a_story_cannot_lose_all_its_reports(home: Path) -> None:
    with store.open_store(home / "relay.db") as db:
        every = [one.article for one in store.stories.story(db, "ferry-en")]
    done = dragoman("story", "split", "ferry-en", *every, cwd=home, expected=1)
    assert "leave one in it" in done.stderr


def test_an_unknown_edition_is_named_with_those_there_are(home: Path) -> None:
    done = dragoman("story", "list", "--edition", "fr", cwd=home, expected=2)
    assert "its editions are en, pt" in done.stderr
    wrong = dragoman("link", "--again", "x.jsonl", cwd=home, expected=2)
    assert "leave the file out" in wrong.stderr
