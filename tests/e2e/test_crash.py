"""A process that is killed at any moment, the worst ones above all, loses and doubles nothing."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bench.crash import Report, Run, crash
from demo.press import Press
from dragoman.store import open_store
from dragoman.store.backups import back_up, verify

ECHO = """
[translate]
engines = ["echo"]
[translate.options.echo]
pairs = "en-pt pt-en"
"""
# Where a relay may be killed worst, in the order in which a run comes to them.
INSTANTS = (
    "dragoman.store.pages:put_page 3 before",  # fetched, not stored
    "dragoman.store.pages:put_page 2 after",  # stored, nobody told
    "dragoman.store.articles:upsert 1 after",  # in the middle of a write
    "dragoman.store.articles:put_article 2 after",
    "dragoman.store.translations:upsert 3 before",
    "dragoman.store.translations:put_translation 4 after",
    "sqlalchemy.engine.default:DefaultDialect.do_commit 40 before",  # all written, not committed
    "dragoman.store.stories:put_links 1 before",
    "dragoman.store.stories:put_links 1 after",
)


def die(instant: str, *words: str) -> None:
    """Run a command that kills itself at an instant."""
    place, count, when = instant.split()
    command = [sys.executable, "-m", "tests.e2e.dying", place, count, when, "--", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, f"{instant} was not reached: {done.stderr}"


def run(*words: str) -> None:
    command = [sys.executable, "-m", "dragoman", *words]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(0) as opened:
        yield opened


@pytest.fixture(scope="module")
def undisturbed(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The press relayed without a kill; tests that use it only read."""
    config = tmp_path_factory.mktemp("undisturbed") / "dragoman.toml"
    made = Run(config, press, ECHO, ("harbour", "folha"), ("en", "pt")).prepare()
    assert made.begin().wait() == 0
    return made


def test_a_relay_killed_at_every_worst_instant_publishes_the_same(
    undisturbed: Run, tmp_path: Path
) -> None:
    disturbed = replace(undisturbed, config=tmp_path / "dragoman.toml").prepare()
    for instant in INSTANTS:
        before = disturbed.acknowledged()
        die(instant, "--config", str(disturbed.config), "once", "--now")
        assert disturbed.faults(before) == [], instant
    assert disturbed.begin().wait() == 0
    assert disturbed.outcome() == undisturbed.outcome()


def test_kills_at_random_change_nothing_of_what_is_published(
    undisturbed: Run, tmp_path: Path
) -> None:
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    report: Report = crash(undisturbed, tmp_path, 2, random.Random(seed))
    assert report.kills == 2
    assert report.faults == []


def test_an_export_that_is_killed_leaves_a_whole_site(undisturbed: Run, tmp_path: Path) -> None:
    site = tmp_path / "site"
    words = ("--config", str(undisturbed.config), "export", str(site))
    run(*words)
    whole = read(site)
    for instant in (
        "dragoman.web.export:_place 30 after",
        "dragoman.web.export:_exchange 1 before",
        "dragoman.web.export:_exchange 1 after",
        "shutil:rmtree 2 before",
    ):
        die(instant, *words)
        assert read(site) == whole, instant
    run(*words)
    assert read(site) == whole
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def read(folder: Path) -> dict[str, bytes]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)): one.read_bytes() for one in files}


def test_a_backup_that_is_killed_is_whole_or_not_there(undisturbed: Run, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    words = ("--config", str(undisturbed.config), "backup", str(target))
    for instant in ("_copy 1 before", "_copy 1 after", "verify 1 after"):
        die(f"dragoman.store.backups:{instant}", *words)
        assert not target.exists(), instant
    die("os:link 1 after", *words)
    assert verify(target).articles > 0
    target.unlink()
    run(*words)
    assert [one.name for one in tmp_path.iterdir()] == ["copy.db"]


def test_a_restore_that_is_killed_leaves_one_store_or_the_other(
    undisturbed: Run, tmp_path: Path
) -> None:
    held = back_up(undisturbed.file, tmp_path / "copy.db").articles
    config = tmp_path / "dragoman.toml"
    config.write_text('editions = ["en"]\ndata = "."\n')
    open_store(tmp_path / "relay.db").close()
    words = ("--config", str(config), "restore", str(tmp_path / "copy.db"))
    for instant in ("os:link 1 before", "os:link 1 after"):
        die(instant, *words)
        assert verify(tmp_path / "relay.db").articles == 0, instant
    die("pathlib:Path.replace 1 after", *words)
    assert verify(tmp_path / "relay.db").articles == held


@pytest.mark.parametrize(
    "instant",
    [
        "dragoman.store.backups:_copy 1 after",
        "alembic.operations:Operations.create_index 5 after",
        "alembic.command:upgrade 1 after",  # all steps taken, none committed
    ],
)
def test_a_migration_that_is_killed_is_done_by_the_next_start(tmp_path: Path, instant: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    from dragoman.store.opening import MIGRATIONS

    place = tmp_path / "relay.db"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.exec_driver_sql(
            "INSERT INTO sources (id, is_removed, record) VALUES ('a', 0, '{\"id\":\"a\"}')"
        )
    engine.dispose()
    (tmp_path / "dragoman.toml").write_text('editions = ["en"]\ndata = "."\n')
    die(instant, "--config", str(tmp_path / "dragoman.toml"), "status")
    with closing(sqlite3.connect(place)) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
    open_store(place).close()
    assert verify(place).sources == 1
    assert verify(tmp_path / "relay.db.step-0002").sources == 1
    assert not list(tmp_path.glob("*.part"))
