"""The exported folder says what the live site says."""

import errno
import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman.errors import ConfigError
from dragoman.steps import correct
from dragoman.store import Store, articles, open_store, sources, stories, translations
from dragoman.store.withdrawals import withdraw
from dragoman.web import Answer, SiteSettings, answer, export, making, origins, pagefind
from dragoman.web.export import MARKER, export_site, list_addresses
from dragoman.web.making import file_of
from tests.web import conftest
from tests.web import newsroom as news
from tests.web.conftest import Site

# Without the search of Pagefind, which only tests of its own need.
SETTINGS = replace(conftest.SETTINGS, has_search=False)
SMALL = replace(conftest.SMALL, has_search=False)


def read(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_every_file_holds_what_the_site_answers(newsroom: Store, tmp_path: Path) -> None:
    tally = export_site(newsroom, SETTINGS, tmp_path / "site")
    files = read(tmp_path / "site")
    assert tally.written == tally.files == len(files)
    site = Site(newsroom, replace(SETTINGS, is_static=True))
    asked = list(list_addresses(newsroom, SETTINGS))
    for address in asked:
        assert files.pop(file_of(address)) == site.get(address).body, address
    assert set(files) == {"404.html", MARKER}
    assert b"There is no such page here" in files["404.html"]


def test_it_lists_the_pages_that_follow_in_a_long_list(newsroom: Store, tmp_path: Path) -> None:
    small = replace(SMALL, page_size=2)
    export_site(newsroom, small, tmp_path / "site")
    for name in ("en/page/2/index.html", "ar/source/folha/page/2/index.html"):
        assert (tmp_path / "site" / name).exists()


def test_a_second_export_writes_nothing_and_keeps_times(newsroom: Store, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export_site(newsroom, SMALL, folder)
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*.html")}
    tally = export_site(newsroom, SMALL, folder)
    assert (tally.written, tally.removed) == (0, 0)
    assert before == {file: file.stat().st_mtime_ns for file in folder.rglob("*.html")}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_only_changed_pages_are_written_and_lost_ones_go(tmp_path: Path) -> None:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        folder = tmp_path / "site"
        export_site(db, SMALL, folder)
        articles.put_article(db, replace(news.STORM, title="Barra reaberta", digest="2"), "1")
        withdraw(db, news.COMET.id, "gone", news.NOW)
        tally = export_site(db, SMALL, folder)
    assert 0 < tally.written < tally.unchanged
    assert tally.removed > 0
    assert not (folder / f"en/article/{news.COMET.id}").exists()
    assert "Barra reaberta" in (folder / f"en/article/{news.STORM.id}/index.html").read_text()


def test_what_is_kept_is_what_would_be_made(tmp_path: Path) -> None:
    site = replace(SMALL, editions=("en",))
    last = news.FERRY_GIST.segments[-1].segment.id
    changes: tuple[Callable[[Store], object], ...] = (
        lambda db: sources.put_source(db, replace(news.GACETA, name="La Gaceta")),
        lambda db: articles.put_article(db, replace(news.STORM, title="Aberta", digest="2"), "1"),
        lambda db: correct(db, news.FERRY_SPANISH.id, "en", {last: "He kept silent."}, "Ana"),
        lambda db: translations.put_translation(
            db, replace(news.FERRY_MADE, article=news.BUDGET.id, title="Budget"), "2", ()
        ),
        lambda db: stories.put_links(
            db, (), [replace(g, story="s") for g in news.GROUPINGS], "2", []
        ),
        lambda db: withdraw(db, news.FERRY_NATIVE.id, "gone", news.NOW),
        lambda db: sources.remove_source(db, news.QUAI.id),
    )
    with open_store("sqlite://") as db:
        news.fill_store(db)
        export_site(db, site, tmp_path / "kept")
        before = read(tmp_path / "kept")
        for number, change in enumerate(changes):
            change(db)
            export_site(db, site, tmp_path / "kept")
            export_site(db, site, tmp_path / f"fresh-{number}")
            after = read(tmp_path / "kept")
            assert after == read(tmp_path / f"fresh-{number}"), number
            assert after != before, number
            before = after


def test_what_is_made_of_the_same_is_not_made_again(
    newsroom: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def watch(db: Store, site: SiteSettings, address: str) -> Answer:
        made.append(address)
        return answer(db, site, address)

    monkeypatch.setattr(making, "answer", watch)

    def export_again(settings: SiteSettings = SMALL) -> int:
        made.clear()
        export_site(newsroom, settings, tmp_path / "site")
        return sum("/story/" in address or "/article/" in address for address in made)

    every = export_again()
    assert every > 20
    assert export_again() == 0
    assert export_again(replace(SMALL, title="Another")) == every
    monkeypatch.setattr(origins, "_program", lambda: "a newer version")
    assert export_again(replace(SMALL, title="Another")) == every
    (tmp_path / "site" / "en" / "article" / news.FERRY.id / "index.html").unlink()
    assert export_again(replace(SMALL, title="Another")) == 1
    (tmp_path / "site" / MARKER).write_bytes(b"")
    assert export_again(replace(SMALL, title="Another")) == every


def test_several_processes_make_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path / "relay.db") as db:
        news.fill_store(db)
        export_site(db, SMALL, tmp_path / "alone")
        monkeypatch.setattr(making, "MANY", 1)
        monkeypatch.setattr(making, "answer", None)  # not asked in this process
        export_site(db, SMALL, tmp_path / "shared")
    assert read(tmp_path / "shared") == read(tmp_path / "alone")


def test_a_crash_leaves_the_old_site_whole(
    newsroom: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    export_site(newsroom, SMALL, folder)
    before = read(folder)

    def fail(done: int, total: int, address: str) -> None:
        if done == total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_site(newsroom, replace(SMALL, title="Another"), folder, fail)
    assert read(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_an_export_that_finds_no_room_is_said_and_leaves_the_old_site(
    newsroom: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    export_site(newsroom, SMALL, folder)
    before = read(folder)

    def fill_up(file: Path, body: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(file))

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(ConfigError, match="site cannot be written: No space left on device; mend"):
        export_site(newsroom, replace(SMALL, title="Another"), folder)
    assert read(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_it_recovers_from_a_crash_between_two_renames(
    newsroom: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site"
    monkeypatch.setattr(export, "_exchange", lambda one, other: False)
    export_site(newsroom, SMALL, folder)
    folder.rename(tmp_path / ".site.old")  # the power went here
    (tmp_path / ".site.new-abc").mkdir()
    tally = export_site(newsroom, SMALL, folder)
    assert tally.written == 0
    tally = export_site(newsroom, replace(SMALL, title="Another"), folder)
    assert tally.written > 0
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_it_refuses_a_folder_of_something_else(newsroom: Store, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(ConfigError, match="no export wrote"):
        export_site(newsroom, SMALL, tmp_path)
    with pytest.raises(ConfigError, match="is a file"):
        export_site(newsroom, SMALL, tmp_path / "precious.txt")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(ConfigError, match="is a link"):
        export_site(newsroom, SMALL, tmp_path / "link")
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_a_site_of_one_edition_still_has_a_first_page(newsroom: Store, tmp_path: Path) -> None:
    export_site(newsroom, replace(SMALL, editions=("en",)), tmp_path / "site")
    assert 'href="/en/"' in (tmp_path / "site" / "index.html").read_text()


def test_progress_counts_every_address(newsroom: Store, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    export_site(newsroom, SMALL, tmp_path / "site", lambda *step: seen.append(step))
    total = len(list(list_addresses(newsroom, SMALL)))
    assert [step[:2] for step in seen] == [(n, total) for n in range(1, total + 1)]
    assert stories.count_stories(newsroom) == 4


def test_it_is_indexed_again_only_where_an_article_changed(tmp_path: Path) -> None:
    with open_store("sqlite://") as db:
        news.fill_store(db)
        export_site(db, conftest.SMALL, tmp_path / "site")
        before = read(tmp_path / "site")
        indexed = {name for name in before if name.startswith("pagefind/")}
        assert any(name.endswith(".pf_fragment") for name in indexed)
        again = export_site(db, conftest.SMALL, tmp_path / "site")
        assert (again.written, again.removed) == (0, 0)
        withdraw(db, news.FERRY.id, "asked for by the publisher", news.NOW)
        export_site(db, conftest.SMALL, tmp_path / "site")
    after = {name for name in read(tmp_path / "site") if name.startswith("pagefind/")}
    assert len(after) < len(indexed)
    assert not list(tmp_path.glob("**/.index-*"))


def test_a_site_says_whether_browsers_can_search_it(
    newsroom: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pagefind, "find_program", lambda: None)
    tally = export_site(newsroom, conftest.SMALL, tmp_path / "site")
    assert not tally.is_searched
    assert not (tmp_path / "site" / "en" / "search").exists()
    assert b"search/" not in (tmp_path / "site" / "en" / "index.html").read_bytes()


def test_a_site_without_articles_is_exported_without_a_search(tmp_path: Path) -> None:
    with open_store("sqlite://") as db:
        tally = export_site(db, conftest.SMALL, tmp_path / "site")
        assert not tally.is_searched
        assert (tmp_path / "site" / "en" / "index.html").exists()
        news.fill_store(db)
        assert export_site(db, conftest.SMALL, tmp_path / "site").is_searched


def test_each_page_carries_the_policy_that_a_server_would_send(
    newsroom: Store, tmp_path: Path
) -> None:
    export_site(newsroom, conftest.SMALL, tmp_path / "site")
    front = (tmp_path / "site" / "ar" / "index.html").read_text()
    seek = (tmp_path / "site" / "ar" / "search" / "index.html").read_text()
    assert "default-src &#39;none&#39;" in front
    assert "wasm-unsafe-eval" in seek
    assert "wasm-unsafe-eval" not in front


def test_no_more_pages_are_made_than_wait_to_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Pool:
        """Makes at once what it is given, and counts it."""

        def __init__(self, *_: object) -> None:
            pass

        def submit(self, _make: object, some: list[str]) -> Future[list[making.Files]]:
            asked.extend(some)
            done: Future[list[making.Files]] = Future()
            done.set_result([[(address, b"")] for address in some])
            return done

        def shutdown(self, *, cancel_futures: bool) -> None:
            assert cancel_futures

    monkeypatch.setattr(making, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})
    addresses = [f"/{number}" for number in range(4000)]
    with open_store(tmp_path / "relay.db") as db:
        for written, files in enumerate(making.make_files(db, SMALL, addresses)):
            assert files == [(addresses[written], b"")]
            assert len(asked) - written <= 100
    assert asked == addresses
