"""Lists of publishers and archives, read and written by the command."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dragoman import store
from dragoman.ingest import article_id
from dragoman.store import open_store
from dragoman.types import SourceState
from tests.cli.running import dragoman
from tests.e2e.relaying import write_config
from tests.ingest.test_opml import OUTLINES
from tests.ingest.test_warc import make_record, pack

ARCHIVE = pack(*(make_record(number) for number in range(3))) + b"garbage" + pack(make_record(9))


class Files(BaseHTTPRequestHandler):
    """Serves the files of these tests."""

    def do_GET(self) -> None:
        found = {"/list.opml": OUTLINES, "/a.warc.gz": ARCHIVE}.get(self.path)
        if found is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(found)))
        self.end_headers()
        self.wfile.write(found)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def files() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    write_config(tmp_path)
    return tmp_path


def follow_archive(home: Path) -> None:
    dragoman("source", "add", "https://a.example/feed", "--name", "A", "--no-check", cwd=home)


def test_a_list_is_imported_and_each_bad_entry_named(home: Path) -> None:
    (home / "mine.opml").write_bytes(OUTLINES)
    done = dragoman("source", "import", "mine.opml", cwd=home)
    assert "2 publishers added, 0 followed already, 3 entries left out" in done.stdout
    for name in ("Old protocol", "No address", "Harbour"):
        assert f"mine.opml, outline '{name}'" in done.stderr
    again = json.loads(dragoman("source", "import", "mine.opml", "--json", cwd=home).stdout)
    assert (again["added"], again["known"], len(again["faults"])) == ([], 2, 3)
    listed = json.loads(dragoman("source", "list", "--json", cwd=home).stdout)
    assert [(one["id"], one["folder"]) for one in listed] == [
        ("gaceta", []),
        ("harbour", ["News", "Ports & seas"]),
    ]


def test_what_was_imported_is_exported_with_folders_and_unknown_attributes(home: Path) -> None:
    (home / "mine.opml").write_bytes(OUTLINES)
    dragoman("source", "import", "mine.opml", cwd=home)
    dragoman("source", "export", "out.opml", cwd=home)
    text = (home / "out.opml").read_text(encoding="utf-8")
    assert text == dragoman("source", "export", "-", cwd=home).stdout
    assert '<outline text="Ports &amp; seas">' in text
    assert 'frss:cssFullContent="div &gt; p"' in text


def test_a_publisher_that_was_followed_before_gets_its_own_id_back(home: Path) -> None:
    (home / "mine.opml").write_bytes(OUTLINES)
    dragoman("source", "import", "mine.opml", cwd=home)
    dragoman("source", "remove", "harbour", cwd=home)
    done = json.loads(dragoman("source", "import", "mine.opml", "--json", cwd=home).stdout)
    assert [one["id"] for one in done["added"]] == ["harbour"]


def test_a_list_is_imported_from_an_address(home: Path, files: str) -> None:
    done = dragoman("source", "import", f"{files}/list.opml", cwd=home)
    assert "2 publishers added" in done.stdout


def test_a_file_that_is_no_list_ends_in_one_sentence(home: Path) -> None:
    (home / "x.opml").write_text("words")
    assert "no OPML" in dragoman("source", "import", "x.opml", cwd=home, expected=1).stderr
    done = dragoman("source", "import", "nowhere.opml", cwd=home, expected=1)
    assert "nowhere.opml cannot be read" in done.stderr


def test_an_archive_gives_pages_with_their_day_and_names_what_is_damaged(home: Path) -> None:
    follow_archive(home)
    (home / "a.warc.gz").write_bytes(ARCHIVE)
    done = dragoman("archive", "read", "a.warc.gz", cwd=home)
    assert "4 pages stored, 0 had already, 1 records left out" in done.stdout
    assert "a.warc.gz: the record at byte" in done.stderr
    again = json.loads(dragoman("archive", "read", "a.warc.gz", "--json", cwd=home).stdout)
    assert (again["pages"], again["known"], len(again["faults"])) == (0, 4, 1)
    with open_store(f"sqlite:///{home / 'relay.db'}") as db:
        (id, *_) = store.pages.page_ids_lacking_article(db, "x", datetime.now(UTC), 9)
        page, item = store.pages.page(db, id), store.items.item(db, id)
        assert page is not None and item is not None
        assert (page.source, page.fetched.isoformat()) == ("a", "2024-05-06T07:08:09+00:00")
        assert item.first_seen == page.fetched
        assert store.items.items_to_look_at_again(db, datetime.now(UTC), 9) == ()
        assert store.check(db) == []


def test_pages_of_hosts_that_are_not_followed_are_left_out_unless_a_source_is_named(
    home: Path,
) -> None:
    (home / "a.warc.gz").write_bytes(ARCHIVE)
    done = dragoman("archive", "read", "a.warc.gz", cwd=home)
    assert "4 pages of publishers that are not followed" in done.stdout
    assert "--source" in done.stdout
    dragoman("source", "add", "https://b.example/feed", "--name", "B", "--no-check", cwd=home)
    done = dragoman("archive", "read", "a.warc.gz", "--source", "b", cwd=home)
    assert "4 pages stored" in done.stdout
    dragoman("archive", "read", "a.warc.gz", "--source", "nobody", cwd=home, expected=1)


def test_an_archive_brings_back_nothing_that_was_withdrawn(home: Path) -> None:
    follow_archive(home)
    (home / "a.warc.gz").write_bytes(ARCHIVE)
    with open_store(f"sqlite:///{home / 'relay.db'}") as db:
        gone = article_id("a", "https://a.example/1")
        store.articles.withdraw(db, gone, "gone", datetime.now(UTC))
    done = json.loads(dragoman("archive", "read", "a.warc.gz", "--json", cwd=home).stdout)
    assert (done["pages"], done["known"]) == (3, 1)


def test_an_archive_is_read_from_an_address(home: Path, files: str) -> None:
    follow_archive(home)
    assert "4 pages stored" in dragoman("archive", "read", f"{files}/a.warc.gz", cwd=home).stdout


def test_what_is_no_archive_ends_in_one_sentence(home: Path) -> None:
    (home / "x.warc").write_text("words")
    assert "no WARC file" in dragoman("archive", "read", "x.warc", cwd=home, expected=1).stderr
    done = dragoman("archive", "read", "nowhere.warc", cwd=home, expected=1)
    assert "no such file" in done.stderr


def test_a_publisher_that_said_it_was_gone_is_asked_again_when_it_is_added_again(
    home: Path,
) -> None:
    follow_archive(home)
    add = ("source", "add", "https://a.example/feed", "--no-check")
    assert "followed already" in dragoman(*add, cwd=home, expected=1).stderr
    with open_store(f"sqlite:///{home / 'relay.db'}") as db:
        store.sources.put_source_state(db, SourceState("a", is_gone=True))
    assert "it is asked again" in dragoman(*add, cwd=home).stdout
    with open_store(f"sqlite:///{home / 'relay.db'}") as db:
        assert not store.sources.source_states(db)["a"].is_gone
