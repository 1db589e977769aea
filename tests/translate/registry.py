"""Mozilla's two lists of models and their files, served on loopback as Mozilla serves them."""

from __future__ import annotations

import gzip
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from dragoman.ingest import Fetcher, Limits, open_download
from dragoman.translate.models.installing import Download
from dragoman.translate.models.inventory import Model

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RECORDS = "/v1/buckets/main/collections/translations-models-v2/records"
CATALOGUE = "/db/models.json"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass
class Registry:
    """A server of models, and how it misbehaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # paths, ranges
    has_ranges: bool = True
    healthy: int = 0  # large answers that are whole before
    breaks: int = 0  # as many break off in the middle
    dripping: threading.Event | None = None  # files come byte by byte; set at the first
    root: str = ""

    def starts(self, name: str) -> list[int]:
        """From which offsets a file was asked."""
        ranges = (_RANGE.match(span) for path, span in self.asked if path.endswith(name))
        return [int(match[1]) for match in ranges if match]


class _Handler(BaseHTTPRequestHandler):
    registry: Registry
    hung_up = threading.Event()
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        registry = self.registry
        span = self.headers.get("Range", "")
        registry.asked.append((self.path, span))
        body = registry.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        match = _RANGE.fullmatch(span) if registry.has_ranges else None
        start, end = 0, len(body) - 1
        if match:
            start, end = int(match[1]), min(int(match[2] or end), end)
            if start > end:
                self.send_error(416)
                return
        self.send_response(206 if match else 200)
        if match:
            self.send_header("Content-Range", f"bytes {start}-{end}/{len(body)}")
        self.send_header("Content-Length", str(end + 1 - start))
        self.send_header("Connection", "close")
        self.end_headers()
        self._send(body[start : end + 1])
        self.close_connection = True

    def _send(self, part: bytes) -> None:
        is_large = len(part) > 100_000
        if is_large and self.registry.healthy:
            self.registry.healthy -= 1
            self.wfile.write(part)
        elif is_large and self.registry.dripping:
            self.wfile.write(part[:1000])
            self.registry.dripping.set()
            for byte in part[1000:]:
                self.wfile.write(bytes([byte]))
                self.hung_up.wait(0.02)
        elif is_large and self.registry.breaks:
            self.registry.breaks -= 1
            self.wfile.write(part[: len(part) // 2])
        else:
            self.wfile.write(part)

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True  # who asked has gone, as some tests want it to

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@contextmanager
def serve(registry: Registry) -> Iterator[Registry]:
    """Serve a registry on loopback while the block runs."""
    handler = type("Handler", (_Handler,), {"registry": registry})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        registry.root = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield registry
        finally:
            server.shutdown()


def download_from_loopback(total_s: float = 60.0) -> Download:
    """Give what downloads, through the guarded fetcher."""

    def make_fetcher() -> Fetcher:
        return Fetcher(
            user_agent="Test/1",
            allow_networks=("127.0.0.0/8",),
            limits=Limits(max_bytes=50_000_000, total_s=total_s),
            host_interval=0.0,
        )

    return open_download(make_fetcher)


@cache
def packed(path: Path, packing: str) -> bytes:
    """Pack a file, once for all tests."""
    content = path.read_bytes()
    return zstd.compress(content, 1) if packing == "zstd" else gzip.compress(content, 1)


def contents(model: Model) -> dict[str, bytes]:
    """Give a model's files by their types."""
    return {kind: (model.folder / f.name).read_bytes() for kind, f in model.files.items()}


def remote_settings(model: Model, root: str, **changed: Any) -> dict[str, bytes]:
    """Speak as Remote Settings does: a record a file, zstd, the files at another root."""
    records, files = [], {}
    for number, (kind, content) in enumerate(contents(model).items()):
        body = packed(model.folder / model.files[kind].name, "zstd")
        location = f"main-workspace/translations-models-v2/{number}0000000-aaaa-4bbb-8ccc-ddd.zst"
        files[f"/attachments/{location}"] = body
        record = {
            "name": model.files[kind].name,
            "schema": 1758038400000,
            "version": "3.0",
            "fileType": kind,
            "sourceLanguage": model.language,
            "targetLanguage": model.into,
            "architecture": "tiny",
            "decompressedHash": sha256(content).hexdigest(),
            "decompressedSize": len(content),
            "filter_expression": "",
            "attachment": {
                "hash": sha256(body).hexdigest(),
                "size": len(body),
                "filename": f"{model.files[kind].name}.zst",
                "location": location,
                "mimetype": "application/zstd",
            },
            "id": f"{number}0000000-aaaa-4bbb-8ccc-eee",
            "last_modified": 1758038400000 + number,
        }
        records.append(record | changed)
    greeting = {
        "project_name": "Remote Settings",
        "capabilities": {"attachments": {"base_url": f"{root}/attachments/"}},
    }
    return {
        RECORDS: json.dumps({"data": records}).encode(),
        "/v1/": json.dumps(greeting).encode(),
        **files,
    }


def catalogue(model: Model, root: str = "", **changed: Any) -> dict[str, bytes]:
    """Speak as the JSON catalogue does: an entry a model, gzip, a hash for the model alone."""
    names = {"model": "model", "lex": "lexicalShortlist", "vocab": "vocab"}
    listed: dict[str, dict[str, object]] = {}
    files = {}
    for kind, content in contents(model).items():
        path = f"models/{model.language}-{model.into}/student/{model.files[kind].name}.gz"
        files[f"/{path}"] = packed(model.folder / model.files[kind].name, "gzip")
        listed[names[kind]] = {"path": path}
        if kind == "model":
            listed["model"] |= {
                "uncompressedSize": len(content),
                "uncompressedHash": sha256(content).hexdigest(),
            }
    entry = {
        "architecture": "tiny",
        "releaseStatus": "Release",
        "sourceLanguage": model.language,
        "targetLanguage": model.into,
        "modelStatistics": {"parameters": 16_000_000},
        "metrics": {"flores200-plus": {"bleu": 48.1, "chrf": 70.2, "comet22": 0.9012}},
        "files": listed,
    }
    pair = f"{model.language}-{model.into}"
    listing = {
        "generated": "2026-09-30T00:44:58Z",
        "baseUrl": root,
        "models": {pair: [entry | changed]},
    }
    return {CATALOGUE: json.dumps(listing).encode(), **files}
