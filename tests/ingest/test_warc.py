"""Pages out of WARC files, whole and damaged."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
from datetime import UTC, datetime

import pytest

from dragoman.errors import FetchError
from dragoman.ingest import ArchiveFault, read_archive
from dragoman.types import Page

HTML = "Content-Type: text/html; charset=utf-8\r\nETag: x\r\nSet-Cookie: a=b\r\n"
MEGABYTE = 1_000_000


def make_body(number: int) -> bytes:
    words = bytes(random.Random(number).choices(b"abcdefghijkl ", k=3000))
    return b"<html><body><p>%d " % number + words + b"</p></body></html>"


def make_record(
    number: int,
    body: bytes | None = None,
    *,
    headers: str = HTML,
    status: int = 200,
    kind: str = "response",
    claimed: int = 0,
    extra: str = "",
) -> bytes:
    body = make_body(number) if body is None else body
    answer = f"HTTP/1.1 {status} X\r\n{headers}\r\n".encode() + body
    lines = (
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{number:032x}>",
        "WARC-Date: 2024-05-06T07:08:09Z",
        f"WARC-Target-URI: https://a.example/{number}",
        "Content-Type: application/http;msgtype=response",
        f"Content-Length: {len(answer) + claimed}",
    )
    return ("\r\n".join(lines) + "\r\n" + extra + "\r\n").encode() + answer + b"\r\n\r\n"


def pack(*records: bytes) -> bytes:
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def read(data: bytes, max_bytes: int = MEGABYTE) -> tuple[list[Page], list[str]]:
    steps = list(read_archive(io.BytesIO(data), "x.warc.gz", max_bytes=max_bytes))
    pages = [step.found for step in steps if isinstance(step.found, Page)]
    return pages, [step.found.message for step in steps if isinstance(step.found, ArchiveFault)]


def numbers(pages: list[Page]) -> list[int]:
    return [int(page.url.rpartition("/")[2]) for page in pages]


@pytest.mark.parametrize("join", [pack, lambda *records: b"".join(records)])
def test_every_answer_that_is_a_page_comes_with_its_day(join: object) -> None:
    assert callable(join)
    records = [
        make_record(0, kind="request"),
        make_record(1),
        make_record(2, headers="Content-Type: image/png\r\n"),
        make_record(3, status=404),
        make_record(4),
    ]
    pages, faults = read(join(*records))
    assert (numbers(pages), faults) == ([1, 4], [])
    (page, _) = pages
    assert page.fetched == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert (page.status, page.media_type, page.charset) == (200, "text/html", "utf-8")
    assert page.body == make_body(1)
    assert ("etag", "x") in page.headers
    assert not [name for name, _ in page.headers if name == "set-cookie"]


def test_packed_and_chunked_bodies_are_unpacked() -> None:
    body = make_body(1)
    chunked = b"%x\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (10, body[:10], len(body) - 10, body[10:])
    packed = make_record(1, gzip.compress(body), headers=f"{HTML}Content-Encoding: gzip\r\n")
    pieces = make_record(2, chunked, headers=f"{HTML}Transfer-Encoding: chunked\r\n")
    pages, faults = read(pack(packed, pieces))
    assert faults == []
    assert [page.body for page in pages] == [body, body]


def flip(record: bytes) -> bytes:
    packed = bytearray(pack(record))
    packed[800:830] = b"\xff" * 30
    return bytes(packed)


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(flip(make_record(2)), id="bytes flipped"),
        pytest.param(pack(make_record(2))[:700], id="cut"),
        pytest.param(b"garbage" * 50, id="garbage between members"),
        pytest.param(pack(b"X" * 3000), id="no record inside"),
        pytest.param(pack(make_record(2, claimed=6000)), id="length too large"),
        pytest.param(pack(make_record(2, claimed=-9000)), id="length below nothing"),
        pytest.param(pack(make_record(2, extra="WARC-Truncated: length\r\n")), id="truncated"),
        pytest.param(
            pack(make_record(2, b"\0\1\2", headers=f"{HTML}Content-Encoding: gzip\r\n")),
            id="body that is not gzip",
        ),
    ],
)
def test_a_damaged_record_is_named_and_the_others_are_read(damaged: bytes) -> None:
    data = pack(make_record(0), make_record(1)) + damaged + pack(make_record(3), make_record(4))
    pages, faults = read(data)
    assert numbers(pages) == [0, 1, 3, 4]
    assert [page.body for page in pages] == [make_body(n) for n in (0, 1, 3, 4)]
    assert len(faults) == 1
    assert "x.warc.gz: the record at byte" in faults[0]


def test_every_record_between_two_damaged_ones_is_read() -> None:
    records = [make_record(number) for number in range(12)]
    packed = [pack(record) for record in records]
    packed[3], packed[8] = flip(records[3]), flip(records[8])
    pages, faults = read(b"".join(packed))
    assert numbers(pages) == [0, 1, 2, 4, 5, 6, 7, 9, 10, 11]
    assert len(faults) == 2


def test_a_part_of_an_archive_is_read_from_one_page_to_another() -> None:
    data = pack(*(make_record(number) for number in range(6)))
    steps = list(read_archive(io.BytesIO(data), "x.warc.gz", max_bytes=MEGABYTE))
    start, end = steps[2].position, steps[5].position
    part = read_archive(io.BytesIO(data), "x.warc.gz", max_bytes=MEGABYTE, start=start, end=end)
    assert [step.position for step in part] == [step.position for step in steps[2:5]]


def test_damage_in_an_archive_that_is_not_packed_costs_one_record() -> None:
    records = [make_record(number) for number in range(5)]
    records[2] = records[2][:500]
    pages, faults = read(b"".join(records))
    assert numbers(pages) == [0, 1, 3, 4]
    assert len(faults) == 1


def test_an_archive_that_breaks_off_gives_what_came_before() -> None:
    pages, faults = read(pack(*(make_record(number) for number in range(4)))[:-300])
    assert numbers(pages) == [0, 1, 2]
    assert len(faults) == 1
    assert "https://a.example/3" in faults[0]


def test_a_bomb_is_named_and_holds_no_memory() -> None:
    bomb = gzip.compress(b"\0" * 300 * MEGABYTE, 9)
    data = pack(
        make_record(0),
        make_record(1, bomb, headers=f"{HTML}Content-Encoding: gzip\r\n"),
        make_record(2, b"\0" * 20 * MEGABYTE),
        make_record(3),
    )
    tracemalloc.start()
    pages, faults = read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert numbers(pages) == [0, 3]
    assert ["unpacks to more" in fault or "is larger" in fault for fault in faults] == [True, True]
    assert peak < 20 * MEGABYTE


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.4", b"<html></html>", gzip.compress(b"words" * 99)],
    ids=["empty", "PDF", "HTML", "packed words"],  # a packed one holds the time of packing
)
def test_what_is_no_archive_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(FetchError, match=r"x\.warc\.gz: .*no WARC file"):
        read(data)
