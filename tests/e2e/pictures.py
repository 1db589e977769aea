"""Draw the pictures of the documentation: ``python -m tests.e2e.pictures [FOLDER]``.

The sample press is relayed, the site and the desk are served, and Chromium takes what a reader
and an operator see. Pictures are cut to one window and to few colours, so that they stay small.
"""

from __future__ import annotations

import asyncio
import io
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from dragoman.cli.desk import open_desk
from dragoman.desk.door import ensure_operator, make_link
from tests.e2e.conftest import serving
from tests.e2e.relaying import Relayed, free_port, relayed_press
from tests.e2e.test_site import FLAGS, largest_story, translated

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WINDOWS = {"desk": (1280, 860), "phone": (390, 844)}
COLOURS = 200
PASSWORD = secrets.token_urlsafe(24)  # of a desk that lasts as long as this command


@dataclass(frozen=True)
class Shot:
    """One picture: its file, its page, and how it is looked at."""

    name: str
    path: str  # on the site; at the desk, where it begins with "desk:"
    window: str = "desk"
    scheme: str = "light"
    showing: str = ""  # of an article


def list_shots(relayed: Relayed) -> list[Shot]:
    """List the pictures."""
    story = f"story/{largest_story(relayed)}/"
    article = f"pt/article/{translated(relayed, 'en', 'pt')}/"
    return [
        Shot("front", "en/"),
        Shot("front-arabic-dark", "ar/", scheme="dark"),
        Shot("story", f"en/{story}"),
        Shot("article-translation-phone", article, window="phone", showing="translation"),
        Shot("article-original-dark-phone", article, "phone", "dark", "original"),
        Shot("article-side-by-side", article, showing="both"),
        Shot("search", "en/search/?q=ferry"),
        Shot("desk-today", "desk:/"),
        Shot("desk-sources", "desk:/sources"),
        Shot("desk-translations", "desk:/translations", scheme="dark"),
        Shot("desk-today-arabic-dark", "desk:/?desk-language=ar", scheme="dark"),
    ]


def main() -> None:
    """Draw all pictures into a folder."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        relayed_press(Path(place), "after") as relayed,
        serving(relayed.settings, relayed.db) as site,
        serving_desk(relayed) as desk,
    ):
        draw_all(relayed, site, desk, folder)


def draw_all(relayed: Relayed, site: str, desk: str, folder: Path) -> None:
    """Take every picture with one browser."""
    chromium = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        cookies = come_in(browser, relayed, desk)
        for shot in list_shots(relayed):
            width, height = WINDOWS[shot.window]
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if shot.scheme == "dark" else "light",
                storage_state=cookies,
            )
            page = context.new_page()
            is_desk = shot.path.startswith("desk:")
            address = f"{desk}{shot.path[5:]}" if is_desk else f"{site}/{shot.path}"
            answer = page.goto(address)
            if answer is None or not answer.ok:
                raise SystemExit(f"{address} cannot be shown; nothing was drawn for {shot.name}")
            keep(page, shot, folder)
            context.close()
        browser.close()


def keep(page: Page, shot: Shot, folder: Path) -> None:
    """Write what a page shows as a small PNG."""
    if shot.showing:
        page.locator(f"#show-{shot.showing}").check()
        page.evaluate("document.activeElement.blur()")
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = folder / f"{shot.name}.png"
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file} ({file.stat().st_size // 1024} KB)")


def come_in(browser: Browser, relayed: Relayed, desk: str) -> Path:
    """Open the desk with a link that lets in, and keep the session for the pictures."""
    now = datetime.now(UTC)
    link = make_link(relayed.db, ensure_operator(relayed.db, now), now)
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{desk}{link}")
    page.get_by_role("button", name="Come in").click()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    file = relayed.settings.data / "session.json"
    context.storage_state(path=file)
    context.close()
    return file


@contextmanager
def serving_desk(relayed: Relayed) -> Iterator[str]:
    """Serve the desk of the relayed press, and give its address."""
    port = relayed.settings.desk.model_copy(update={"port": free_port()})
    settings = relayed.settings.model_copy(update={"desk": port})
    opened = open_desk(settings, relayed.db, None, is_leaving_signals=True)
    thread = threading.Thread(target=lambda: asyncio.run(opened.serve()))
    thread.start()
    while not opened.server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{opened.port}"
    opened.server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
