"""Archives become tables: every record once, whatever dies, and whatever a record holds."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bench.archive_pages import BEGAN, make_archive, make_page, pack_record
from dragoman.archives import SCHEMA_VERSION, Ledger, find_archives, schema_of
from dragoman.archives.reading import cut_archive, list_pages
from dragoman.errors import DragomanError
from dragoman.link import Scale
from dragoman.runner import LocalRunner, Runner
from tests.archives.jobs import PAIRS, open_source, read_all, read_table, take
from tests.cli.running import dragoman

RECORDS = 40
REPEATED = 4


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    runner = LocalRunner(2)
    yield runner
    runner.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("archive") / "press.warc.gz"
    make_archive(file, RECORDS, repeated=REPEATED)
    return file


@pytest.fixture(scope="module")
def tables(runner: Runner, archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tables") / "out"
    take(runner, [str(archive)], out, ["pt", "es"])
    return out


def test_every_record_is_there_once(tables: Path) -> None:
    articles = read_table(tables, "articles")
    assert len({row["record"] for row in articles}) == len(articles) == RECORDS
    assert len(list((tables / "articles").iterdir())) == 5
    offsets = [row["offset"] for row in articles]
    assert offsets == sorted(offsets)
    assert all(row["text"] and row["published"] and row["language"] for row in articles)
    assert read_table(tables, "failures") == []


def test_every_file_names_its_schema(tables: Path) -> None:
    for file in tables.rglob("*.parquet"):
        schema = pq.read_schema(file)
        table = file.relative_to(tables).parts[0]
        assert schema.metadata[b"dragoman.schema"] == SCHEMA_VERSION.encode()
        assert schema.metadata[b"dragoman.table"] == table.encode()
        assert schema.equals(schema_of(table))


def test_a_page_that_was_kept_twice_counts_once(tables: Path) -> None:
    copies = [row for row in read_table(tables, "copies") if row["kind"] == "duplicate"]
    assert len(copies) == REPEATED
    assert all(row["article"] == row["of_article"] for row in copies)
    stories = read_table(tables, "stories")
    assert len(stories) == RECORDS - REPEATED
    assert not {row["record"] for row in copies} & {row["record"] for row in stories}


def test_translations_are_made_into_each_language_of_what_is_not_in_it(tables: Path) -> None:
    articles = {row["record"]: row["language"] for row in read_table(tables, "articles")}
    doubles = {row["record"] for row in read_table(tables, "copies") if row["kind"] == "duplicate"}
    for into in ("pt", "es"):
        wanted = {
            record
            for record, language in articles.items()
            if language != into and record not in doubles
        }
        made = [row for row in read_table(tables, "translations") if row["into"] == into]
        assert {row["record"] for row in made} == wanted
        assert len(made) == len(wanted)


def test_reports_of_one_event_make_a_story(tables: Path) -> None:
    stories = read_table(tables, "stories")
    assert len({row["event"] for row in stories}) < len(stories)
    assert {row["story"] for row in stories} <= {row["article"] for row in stories}


def test_workers_that_compare_change_no_story(
    runner: Runner, archive: Path, tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = Path(shutil.copytree(tables, tmp_path / "copy"))
    monkeypatch.setattr("dragoman.archives.linking._BATCH", 12)
    made = []
    for few in (1000, 2):  # articles from which workers compare
        monkeypatch.setattr("dragoman.archives.linking._FEW", few)
        for line in (out / "_ledger").glob("part-stories-*"):
            line.unlink()
        take(runner, [str(archive)], out, ["pt", "es"])
        made.append((read_table(out, "stories"), read_table(out, "copies")))
    assert made[0] == made[1]


def test_another_scale_of_events_links_anew_and_the_same_one_does_not(
    runner: Runner, archive: Path, tables: Path, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(tables, tmp_path / "copy"))
    before = read_table(out, "stories")
    for scale, is_linked in ((None, False), (Scale(2.0, 6.0), True), (None, True)):
        reports: list[tuple[str, int, int, int]] = []
        take(runner, [str(archive)], out, ["pt", "es"], reports=reports, scale=scale)
        assert ("link" in {one[0] for one in reports}) == is_linked
        assert (read_table(out, "stories") == before) == (scale is None)


def test_the_last_groups_of_an_archive_are_small(tmp_path: Path) -> None:
    file = tmp_path / "long.warc.gz"
    file.write_bytes(b"".join(
        pack_record(number, f"https://long.example/{number}", "<p>A page.</p>", BEGAN)
        for number in range(1000)
    ))  # fmt: skip
    groups = cut_archive(str(file), open_source(), 200, file.stat().st_size)
    sizes = [len(list_pages(group, open_source())) for group in groups]
    assert sum(sizes) == 1000
    assert sizes[:2] == [200, 200]
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes[-2:]) <= 50


def test_a_finished_run_does_nothing_and_another_language_only_what_is_new(
    runner: Runner, archive: Path, tables: Path, tmp_path: Path
) -> None:
    tables = Path(shutil.copytree(tables, tmp_path / "copy"))
    before = read_all(tables)
    reports: list[tuple[str, int, int, int]] = []
    _, counts = take(runner, [str(archive)], tables, ["pt", "es", "fr"], reports=reports)
    after = read_all(tables)
    assert {name: after[name] for name in before} == before
    assert all("-fr-" in name for name in after.keys() - before.keys())
    assert counts["articles"] == RECORDS
    assert [one for one in reports if one[0] == "read"] == [
        ("read", archive.stat().st_size, archive.stat().st_size, 0)
    ]


def test_a_run_killed_halfway_goes_on_to_the_same_rows(
    archive: Path, tables: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    code = (
        "import sys; from pathlib import Path; from dragoman.runner import LocalRunner\n"
        "from tests.archives.jobs import take\n"
        "if __name__ == '__main__':\n"
        "    take(LocalRunner(2), [sys.argv[1]], Path(sys.argv[2]), ['pt', 'es'])\n"
    )
    script = tmp_path / "run.py"
    script.write_text(code)
    command = [sys.executable, str(script), str(archive), str(out)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    for parts in (2, 8):  # while it reads, and while it translates
        killed = subprocess.Popen(command, env=env)
        deadline = time.monotonic() + 120
        while len(list(out.glob("_ledger/part-*"))) < parts and time.monotonic() < deadline:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        assert killed.wait() == -signal.SIGKILL
    subprocess.run(command, env=env, check=True)
    assert read_all(out) == read_all(tables)


def write(file: Path, pages: list[tuple[str, str]]) -> str:
    records = (
        pack_record(number, url, page, BEGAN + timedelta(hours=number))
        for number, (url, page) in enumerate(pages)
    )
    file.write_bytes(b"".join(records))
    return str(file)


DEADLY = "<html><body><article><h1>Kill the worker</h1></article></body></html>"


def test_bad_records_are_stated_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [make_page(number, 7) for number in range(6)]
    pages[1] = ("https://a.example/empty", "<html><body></body></html>")
    pages[4] = ("https://a.example/deadly", DEADLY)
    name = write(tmp_path / "a.warc.gz", pages)
    damaged = bytearray((tmp_path / "a.warc.gz").read_bytes()) + b"\x1f\x8b\x08 this is no member"
    (tmp_path / "a.warc.gz").write_bytes(damaged)
    # Workers are new processes: the page that kills them is armed by what they import first.
    (tmp_path / "sitecustomize.py").write_text(
        "import dragoman.extract as e\n"
        "from tests.archives.jobs import Deadly\n"
        "e.extract_article = Deadly(e.extract_article)\n"
    )
    root = str(Path(__file__).parents[2])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), root]))
    runner = LocalRunner(2)
    try:
        _, counts = take(runner, [name], tmp_path / "out")
    finally:
        runner.close()
    assert counts["articles"] == 4
    failures = {row["url"]: row for row in read_table(tmp_path / "out", "failures")}
    assert failures["https://a.example/deadly"]["kind"] == "EngineDied"
    assert failures["https://a.example/empty"]["kind"] in ("EmptyBody", "NotAnArticle")
    assert failures[""]["stage"] == "read"
    assert "a.warc.gz" in failures[""]["message"]
    assert len(failures) == 3


def test_a_changed_page_is_a_revision_of_one_article(runner: Runner, tmp_path: Path) -> None:
    url, page = make_page(1, 3)
    later = page.replace(
        "</article>", "<p>The figures were corrected later on Sunday.</p></article>"
    )
    name = write(tmp_path / "a.warc.gz", [(url, page), make_page(5, 3), (url, later)])
    take(runner, [name], tmp_path / "out")
    (copy,) = read_table(tmp_path / "out", "copies")
    articles = read_table(tmp_path / "out", "articles")
    assert (copy["record"], copy["of_record"], copy["kind"]) == (
        articles[0]["record"],
        articles[2]["record"],
        "revision",
    )
    assert {row["record"] for row in read_table(tmp_path / "out", "stories")} == {
        articles[1]["record"],
        articles[2]["record"],
    }


def test_a_folder_of_another_run_is_left_alone(
    runner: Runner, archive: Path, tables: Path, tmp_path: Path
) -> None:
    other = write(tmp_path / "b.warc.gz", [make_page(1, 1)])
    with pytest.raises(DragomanError, match="differs in: archives; name another folder"):
        take(runner, [other], tables)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep me")
    with pytest.raises(DragomanError, match="holds something else"):
        take(runner, [other], tmp_path / "mine")
    with (
        Ledger(tmp_path / "held", {}),
        pytest.raises(DragomanError, match="another run is writing"),
    ):
        Ledger(tmp_path / "held", {})


def test_what_is_no_archive_is_stated_and_the_others_are_read(
    runner: Runner, tmp_path: Path
) -> None:
    good = write(tmp_path / "good.warc.gz", [make_page(1, 1)])
    bad = tmp_path / "bad.warc.gz"
    bad.write_text("this is a letter")
    _, counts = take(runner, [good, str(bad)], tmp_path / "out")
    assert counts["articles"] == 1
    (failure,) = read_table(tmp_path / "out", "failures")
    assert (failure["archive"], failure["stage"]) == (str(bad), "read")
    with pytest.raises(DragomanError, match="there is no such archive"):
        find_archives([str(tmp_path / "none*.gz")], open_source().make_fetcher)


def test_the_command_takes_patterns_and_reports(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "dragoman.toml").write_text(
        '[run]\nworkers = 1\n[translate]\nengines = ["echo"]\n'
        f'[translate.options.echo]\npairs = "{PAIRS}"\n',
        encoding="utf-8",
    )
    pattern = str(archive.parent / "*.warc.gz")
    done = dragoman("archive", "run", pattern, "out", "--into", "fr", cwd=tmp_path)
    assert f"{RECORDS} articles, {RECORDS - REPEATED} translations, 0 failures" in done.stdout
    assert "articles/s" in done.stderr
    assert "s left" in done.stderr
    dragoman("archive", "run", "nothing.warc.gz", "out", cwd=tmp_path, expected=1)
    dragoman("archive", "run", pattern, "out", "--into", "x-y-z-1", cwd=tmp_path, expected=2)
