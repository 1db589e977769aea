"""The exported site in a real browser, behind a server that only gives files."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from dragoman.store import open_store
from dragoman.web.export import export_site
from tests.e2e.test_site import browser
from tests.web.conftest import SETTINGS
from tests.web.newsroom import FERRY, fill_store

__all__ = ["browser"]

pytestmark = pytest.mark.browser


class Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("exported") / "site"
    with open_store("sqlite://") as db:
        fill_store(db)
        export_site(db, SETTINGS, folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def open_page(browser: Browser, complaints: list[str], asked: list[str]) -> Page:
    page = browser.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    return page


@pytest.mark.parametrize(
    ("edition", "word", "title"),
    [("en", "refunded", "ferry"), ("pt", "reembolsados", "balsa"), ("ar", "balsa", "")],
)
def test_browsers_search_an_exported_site_without_any_server(
    exported: str, browser: Browser, edition: str, word: str, title: str
) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    page = open_page(browser, complaints, asked)
    page.goto(f"{exported}/{edition}/")
    page.fill(".find input", word)
    page.press(".find input", "Enter")
    first = page.locator("#hits h3 a").first
    expect(first).to_be_visible()
    assert title.lower() in first.inner_text().lower()
    assert page.locator("#hits mark").count()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    first.click()
    assert FERRY.id in page.url or "/article/" in page.url
    assert all(url.startswith((exported, "blob:", "data:")) for url in asked)
    assert complaints == []
    page.close()


def test_it_says_where_nothing_is_found_and_what_to_do_without_javascript(
    exported: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(f"{exported}/en/search/")
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    page.goto(f"{exported}/en/search/?q=zzzzqqqq")
    expect(page.locator("#said")).to_have_text("Nothing was found")
    page.close()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{exported}/en/search/?q=ferry")
    assert "needs JavaScript" in page.inner_text("main")
    context.close()


def test_nothing_of_what_was_fetched_becomes_markup(exported: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{exported}/en/search/")
    made = page.evaluate(
        """async () => {
            const pagefind = await import("/pagefind/pagefind.js");
            const { results } = await pagefind.search("ferry");
            return (await Promise.all(results.map((one) => one.data()))).map((d) => d.excerpt);
        }"""
    )
    assert made
    page.fill("#q", "ferry")
    page.press("#q", "Enter")
    expect(page.locator("#hits article").first).to_be_visible()
    assert page.locator("#hits script, #hits img, #hits iframe").count() == 0
    page.close()
