"""Large files come in pieces, through the guarded fetcher, and go on where they broke off."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dragoman.errors import FetchError, Gone, TooLarge
from dragoman.ingest import Fetcher, Limits, open_download

CONTENT = bytes(range(256)) * 20_000  # 5 MB: three pieces


class Files(BaseHTTPRequestHandler):
    """Serves one file, with ranges below /ranges, without below /plain."""

    asked: list[str]

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        type(self).asked.append(asked)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        if self.path == "/missing":
            self.send_error(404)
            return
        body, status = CONTENT, 200
        if self.path != "/plain" and match:
            start, end = int(match[1]), min(int(match[2]), len(CONTENT) - 1)
            body, status = CONTENT[start : end + 1], 206
            shift = 7 if self.path == "/shifted" else 0
            said = f"bytes {start + shift}-{end + shift}/{len(CONTENT)}"
        self.send_response(status)
        if status == 206:
            self.send_header("Content-Range", said)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def files() -> Iterator[str]:
    Files.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def read(url: str, offset: int = 0, *, max_bytes: int = 10_000_000, allowed: bool = True) -> bytes:
    def make_fetcher() -> Fetcher:
        return Fetcher(
            user_agent="Test/1",
            allow_networks=("127.0.0.0/8",) if allowed else (),
            limits=Limits(max_bytes=max_bytes),
            host_interval=0.0,
        )

    return b"".join(open_download(make_fetcher)(url, offset))


def test_a_file_comes_in_pieces(files: str) -> None:
    assert read(f"{files}/ranges") == CONTENT
    assert len(Files.asked) == 3


def test_it_goes_on_from_an_offset(files: str) -> None:
    assert read(f"{files}/ranges", 5_000_000) == CONTENT[5_000_000:]
    assert len(Files.asked) == 1


def test_a_server_without_ranges_sends_everything_and_the_rest_is_taken(files: str) -> None:
    assert read(f"{files}/plain", 4_000_000) == CONTENT[4_000_000:]


def test_another_piece_than_was_asked_is_refused(files: str) -> None:
    with pytest.raises(FetchError, match="another piece"):
        read(f"{files}/shifted")


def test_a_missing_file_a_file_too_large_and_a_private_address_are_refused(files: str) -> None:
    with pytest.raises(Gone):
        read(f"{files}/missing")
    with pytest.raises(TooLarge):
        read(f"{files}/plain", max_bytes=1_000_000)
    with pytest.raises(FetchError, match="allow_networks"):
        read(f"{files}/ranges", allowed=False)
