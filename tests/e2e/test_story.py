"""A story's page in a real browser: figures side by side, folded lists, in both directions."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from dragoman.config import load_settings
from dragoman.store import open_store, sources
from dragoman.types import Source
from tests.e2e.conftest import serving
from tests.e2e.relaying import write_config
from tests.e2e.test_site import FLAGS
from tests.web import quake
from tests.web.newsroom import fill_store

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the browser tests open the system's Chromium: install the package 'chromium'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the quake's story, with a publisher that is silent."""
    settings = load_settings(write_config(tmp_path_factory.mktemp("quake")))
    with open_store(settings.store_url) as db:
        fill_store(db)
        quake.put_quake(db)
        sources.put_source(db, Source("gull", "https://gull.example/feed", "The Gull", "en"))
        quake.put_company(db, "gull", "ledger", "folha2")
        quake.put_alone(db, "since0000001", "gull", hours=9)
        with serving(settings, db) as address:
            yield address


@pytest.mark.parametrize(("edition", "scheme"), [("en", "dark"), ("ar", "light")])
def test_a_story_is_accessible_and_fits_a_telephone(
    site: str, browser: Browser, edition: str, scheme: str
) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{site}/{edition}/story/{quake.STORY}/")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.close()


def test_figures_stand_side_by_side_and_lead_to_their_reports(site: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/en/story/{quake.STORY}/")
    first, second = (page.locator(".sayings").nth(1).locator("li").nth(n) for n in (0, 1))
    boxes = first.bounding_box(), second.bounding_box()
    assert boxes[0] and boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[0]["x"] < boxes[1]["x"]
    second.get_by_role("link").first.click()
    page.wait_for_url(f"{site}/en/article/quakept00001/")
    page.close()
