"""Pictures through our own server: of articles alone, drawn anew, kept, never a program."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image as Drawing
from PIL import PngImagePlugin

from dragoman.config import load_settings
from dragoman.errors import StageError
from dragoman.runner import LocalRunner
from dragoman.steps.picturing import LARGEST, redraw, take_picture
from dragoman.store import articles, open_store, sources
from dragoman.types import Block, BlockKind, Image, Images, Rights, Text
from dragoman.web import pictures
from dragoman.web.pictures import Pictures, digest_of
from tests.web import newsroom as news
from tests.web.conftest import SMALL, Site


def draw(size: tuple[int, int] = (640, 400), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    exif = Drawing.Exif()
    exif[0x010E] = "taken at the home of a witness"
    extra = {"exif": exif} if kind == "JPEG" else {}
    Drawing.new("RGB", size, "teal").save(out, kind, **extra)
    return out.getvalue()


ASKED: list[str] = []  # paths, in order


class Camera(BaseHTTPRequestHandler):
    """A publisher's host of pictures, good and bad."""

    def do_GET(self) -> None:
        ASKED.append(self.path)
        kinds = {
            "/quay.jpg": ("image/jpeg", draw()),
            "/page.jpg": ("text/html", draw()),
            "/program.jpg": ("image/jpeg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "/program.svg": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "/dot.png": ("image/png", draw((1, 1), "PNG")),
        }
        kind, body = kinds.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in kinds else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def camera() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalRunner]:
    runner = LocalRunner(1, memory_mb=1024)
    yield runner
    runner.close()


@pytest.fixture
def kept(tmp_path: Path, camera: str, runner: LocalRunner) -> Pictures:
    settings = load_settings(fetch={"allow_networks": ["127.0.0.0/8"]})

    async def take(url: str) -> bytes:
        return await take_picture(settings, runner, url)

    return Pictures(tmp_path / "pictures", take)


@pytest.fixture
def gallery(kept: Pictures, camera: str) -> Iterator[Site]:
    """A relay with one article that shows pictures, of a source that allows it."""
    names = ("quay.jpg", "page.jpg", "program.jpg", "program.svg", "dot.png", "none.jpg")
    blocks = [
        Block(
            BlockKind.IMAGE, (Text(f"Caption of {name}"),),
            image=Image(f"{camera}/{name}", alt=f"Words for {name}", credit="Rita Lobo",
                        width=640, height=400),
        )
        for name in names
    ]  # fmt: skip
    with open_store("sqlite://") as db:
        sources.put_source(db, replace(news.HARBOUR, images=Images.PROXY))
        articles.put_article(db, replace(news.FERRY_NATIVE, blocks=tuple(blocks)), "1")
        yield Site(db, replace(SMALL, pictures=kept))


def path_of(url: str, article: str = news.FERRY_NATIVE.id) -> str:
    return f"/picture/{article}/{digest_of(url)}.webp"


def test_a_picture_comes_through_our_server_without_what_it_hides(
    gallery: Site, camera: str
) -> None:
    page = gallery.text(f"/en/article/{news.FERRY_NATIVE.id}/")
    path = path_of(f"{camera}/quay.jpg")
    assert f'<img src="{path}" alt="Words for quay.jpg" width="640" height="400"' in page
    assert "Caption of quay.jpg" in page
    assert "Rita Lobo" in page
    found = gallery.get(path)
    assert (found.status, found.fields["content-type"]) == (200, "image/webp")
    image = Drawing.open(io.BytesIO(found.body))
    assert (image.format, image.size) == ("WEBP", (640, 400))
    assert not image.getexif()
    assert b"witness" not in found.body


def test_a_picture_is_asked_for_once(gallery: Site, camera: str) -> None:
    ASKED.clear()
    for _ in range(3):
        assert gallery.get(path_of(f"{camera}/quay.jpg")).status == 200
        assert gallery.get(path_of(f"{camera}/none.jpg")).status == 404
    assert ASKED.count("/quay.jpg") == 1
    assert ASKED.count("/none.jpg") == 1


@pytest.mark.parametrize("name", ["page.jpg", "program.jpg", "program.svg", "dot.png"])
def test_what_is_no_picture_is_not_given(gallery: Site, camera: str, name: str) -> None:
    assert gallery.get(path_of(f"{camera}/{name}")).status == 404


def test_only_pictures_of_shown_articles_are_fetched(gallery: Site, camera: str) -> None:
    ASKED.clear()
    assert gallery.get(path_of(f"{camera}/elsewhere.jpg")).status == 404
    assert gallery.get(path_of(f"{camera}/quay.jpg", "nowhere")).status == 404
    assert not [path for path in ASKED if path != "/robots.txt"]


@pytest.mark.parametrize(
    ("images", "rights", "shown"),
    [
        (Images.LINK, Rights.FULL, "caption"),
        (Images.NONE, Rights.FULL, "nothing"),
        (Images.PROXY, Rights.EXTRACT, "nothing"),
        (Images.PROXY, Rights.LINK, "nothing"),
    ],
)
def test_a_source_decides_what_becomes_of_its_pictures(
    gallery: Site, camera: str, images: Images, rights: Rights, shown: str
) -> None:
    sources.put_source(gallery.db, replace(news.HARBOUR, images=images, rights=rights))
    page = gallery.text(f"/en/article/{news.FERRY_NATIVE.id}/")
    assert "<img" not in page
    assert ("Caption of quay.jpg" in page) is (shown == "caption")
    assert gallery.get(path_of(f"{camera}/quay.jpg")).status == 404


def test_a_private_address_is_no_picture(tmp_path: Path, camera: str, runner: LocalRunner) -> None:
    settings = load_settings()

    async def take(url: str) -> bytes:
        return await take_picture(settings, runner, url)

    ASKED.clear()
    assert Pictures(tmp_path, take).get(f"{camera}/quay.jpg") is None
    assert not ASKED


def test_a_large_picture_is_made_smaller_and_a_huge_one_refused() -> None:
    image = Drawing.open(io.BytesIO(redraw(draw((4000, 1000)))))
    assert image.size == (LARGEST, 400)
    bomb = io.BytesIO()
    Drawing.new("1", (30_000, 30_000)).save(bomb, "PNG", compress_level=9)
    with pytest.raises(StageError):
        redraw(bomb.getvalue())


def test_text_in_a_picture_file_is_left_behind() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "a secret of the photographer", zip=False)
    out = io.BytesIO()
    Drawing.new("RGBA", (90, 90), (0, 128, 0, 90)).save(out, "PNG", pnginfo=notes)
    made = redraw(out.getvalue())
    assert b"secret" not in made
    assert Drawing.open(io.BytesIO(made)).mode == "RGBA"


def test_the_oldest_pictures_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_KEPT", 1000)

    async def take(url: str) -> bytes:
        return url.encode().ljust(400, b".")

    kept = Pictures(tmp_path, take)
    for number in range(9):
        assert kept.get(f"https://a.example/{number}") is not None
    assert sum(file.stat().st_size for file in tmp_path.rglob("*.webp")) <= 1000
