"""Search in a real browser: without scripts, with results and without, in both directions."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from dragoman.config import load_settings
from dragoman.runner import LocalRunner
from dragoman.steps import Pass, index_texts
from dragoman.store import open_store
from tests.e2e.conftest import serving
from tests.e2e.relaying import write_config
from tests.e2e.test_site import FLAGS
from tests.web.newsroom import fill_store

pytestmark = pytest.mark.browser

PAGES = ("", "?q=ferry+captain", "?q=ferry&sort=date", "?q=captian", "?q=-x", "?q=الركاب")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the browser tests open the system's Chromium: install the package 'chromium'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("searched")
    settings = load_settings(write_config(folder))
    runner = LocalRunner(1)
    with open_store(settings.store_url) as db:
        fill_store(db)
        # Another thread's event loop: playwright keeps one in this.
        import threading

        work = threading.Thread(target=lambda: asyncio.run(index_texts(Pass(db, runner, settings))))
        work.start()
        work.join()
        with serving(settings, db) as site:
            yield site
    runner.close()


@pytest.mark.parametrize(
    ("edition", "scheme", "width"),
    [("en", "light", 320), ("en", "dark", 1280), ("ar", "light", 1280), ("ar", "dark", 320)],
)
@pytest.mark.timeout(300)
def test_the_search_page_is_accessible(
    address: str, browser: Browser, edition: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for query in PAGES:
        page.goto(f"{address}/{edition}/search/{query}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{query}: {found.generate_report()}"
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{query} is {overflow} pixels too wide"
    context.close()
    assert all(url.startswith(address) for url in asked)


def test_a_reader_searches_from_any_page_without_javascript(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/en/about/")
    field = page.get_by_role("search").get_by_role("searchbox")
    field.fill('"eleven days" -captain')
    field.press("Enter")
    assert page.url.startswith(f"{address}/en/search/?q=")
    assert page.locator("main mark").first.inner_text() == "eleven days"
    page.locator("summary", has_text="Narrow the search").click()
    page.get_by_label("Language of the original").select_option("pt")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    assert page.locator("main article").count() == 1
    page.locator("main h3 a").click()
    assert "/article/ferrypt00001/" in page.url
    context.close()
