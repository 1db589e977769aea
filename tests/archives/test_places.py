"""Archives on this machine, on web servers and in object stores are found and read in pieces."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bench.archive_pages import make_archive
from dragoman.archives.places import find_archives, open_archive
from dragoman.archives.reading import Group, cut_archive, read_group
from dragoman.errors import DragomanError, FetchError
from tests.archives.jobs import open_source

SOURCE = open_source()
MAKE = SOURCE.make_fetcher


class Server(ThreadingHTTPServer):
    """Files by path; with ranges or without; the list of a bucket as S3 gives it."""

    has_ranges = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.sent = 0


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer(is_body_sent=True)

    def do_HEAD(self) -> None:
        self.answer(is_body_sent=False)

    def answer(self, *, is_body_sent: bool) -> None:
        parts = urlsplit(self.path)
        if "list-type" in parse_qs(parts.query):
            self.send(200, self.list_bucket(parse_qs(parts.query)), {}, is_body_sent)
            return
        body = self.server.files.get(parts.path)
        if body is None:
            self.send(404, b"", {}, is_body_sent)
            return
        span = self.headers.get("Range", "")
        if not span or not self.server.has_ranges:
            self.send(200, body, {}, is_body_sent)
            return
        first, _, last = span.removeprefix("bytes=").partition("-")
        end = min(int(last), len(body) - 1)
        head = {"Content-Range": f"bytes {first}-{end}/{len(body)}"}
        self.send(206, body[int(first) : end + 1], head, is_body_sent)

    def list_bucket(self, query: dict[str, list[str]]) -> bytes:
        prefix = query.get("prefix", [""])[0]
        keys = {path.removeprefix("/news/"): body for path, body in self.server.files.items()}
        rows = "".join(
            f"<Contents><Key>{key}</Key><Size>{len(body)}</Size><ETag>x</ETag>"
            "<LastModified>2025-03-01T00:00:00.000Z</LastModified></Contents>"
            for key, body in keys.items()
            if key.startswith(prefix)
        )
        return (
            '<?xml version="1.0"?><ListBucketResult><Name>news</Name><IsTruncated>false'
            f"</IsTruncated><KeyCount>{len(keys)}</KeyCount>{rows}</ListBucketResult>"
        ).encode()

    def send(self, status: int, body: bytes, head: dict[str, str], is_body_sent: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", "Sat, 01 Mar 2025 00:00:00 GMT")
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        if is_body_sent:
            self.server.sent += len(body)
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("places") / "a.warc.gz"
    make_archive(file, 12)
    return file


@pytest.fixture
def server(archive: Path) -> Iterator[Server]:
    body = archive.read_bytes()
    files = {"/news/2025/a.warc.gz": body, "/news/2025/b.warc.gz": body, "/news/2025/notes": b"x"}
    with Server(files) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_patterns_of_this_machine_are_found_once_and_in_order(archive: Path) -> None:
    folder = archive.parent
    (folder / "z.warc.gz").write_bytes(b"z")
    found = find_archives([f"{folder}/*.warc.gz", str(archive)], MAKE)
    assert [Path(place.name).name for place in found] == ["a.warc.gz", "z.warc.gz"]
    assert [place.size for place in found] == [archive.stat().st_size, 1]


def check_same(name: str, archive: Path) -> None:
    """See that an archive gives the same articles as the file of this machine."""
    size = archive.stat().st_size
    groups = cut_archive(name, SOURCE, 5, size)
    here = cut_archive(str(archive), SOURCE, 5, size)
    assert [(one.start, one.end) for one in groups] == [(one.start, one.end) for one in here]
    last = groups[-1]
    counts = read_group(last, SOURCE, {}).counts
    assert counts == read_group(Group(str(archive), last.start, last.end), SOURCE, {}).counts
    assert counts["articles"] == 2


def test_an_archive_on_a_web_server_is_read_in_pieces(archive: Path, server: Server) -> None:
    name = f"http://127.0.0.1:{server.server_port}/news/2025/a.warc.gz"
    (place,) = find_archives([name], MAKE)
    assert place.size == archive.stat().st_size
    check_same(name, archive)


def test_a_server_that_gives_no_pieces_is_named(archive: Path, server: Server) -> None:
    server.has_ranges = False
    name = f"http://127.0.0.1:{server.server_port}/news/2025/a.warc.gz"
    with pytest.raises(FetchError, match="does not give a file piece by piece; download it first"):
        find_archives([name], MAKE)


def test_an_object_store_is_listed_and_read_in_pieces(
    archive: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    options = f"?scheme=http&endpoint_override=127.0.0.1:{server.server_port}&region=eu-west-1"
    found = find_archives([f"s3://news/2025/*.warc.gz{options}"], MAKE)
    names = [place.name for place in found]
    assert names == [f"s3://news/2025/{letter}.warc.gz{options}" for letter in "ab"]
    assert found[0].size == archive.stat().st_size
    check_same(names[0], archive)
    with pytest.raises(DragomanError, match="there is no such archive"):
        find_archives([f"s3://news/2024/*.warc.gz{options}"], MAKE)


def test_an_archive_that_is_gone_is_to_be_tried_again(archive: Path) -> None:
    with (
        pytest.raises(FetchError, match="cannot be read") as caught,
        open_archive(str(archive.with_name("gone.warc.gz")), MAKE),
    ):
        pass
    assert not caught.value.permanent
