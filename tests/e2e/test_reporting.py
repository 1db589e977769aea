"""A reader reports a sentence in a real browser, and finds it corrected."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from dragoman.config import load_settings
from dragoman.steps import correct
from dragoman.store import Store, open_store, reports
from dragoman.store.translations import put_translation
from dragoman.types import ReportKind
from tests.e2e.conftest import serving
from tests.e2e.relaying import write_config
from tests.e2e.test_site import FLAGS
from tests.web.newsroom import FERRY, FERRY_MADE, FERRY_PT, fill_store

pytestmark = pytest.mark.browser

COMPANY = FERRY_MADE.segments[2].segment.id
BETTER = "The company announced that 1,240 tickets will be refunded."


@dataclass(frozen=True)
class Served:
    """A newsroom that takes reports."""

    db: Store
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("reporting")
    settings = load_settings(write_config(folder))
    with open_store(settings.store_url) as db:
        fill_store(db)
        put_arabic(db)
        with serving(settings, db) as address:
            yield Served(db, address)


def put_arabic(db: Store) -> None:
    """Give one article an Arabic translation, so that its form runs from the right."""
    put_translation(db, replace(FERRY_MADE, into="ar"), "1")
    title = FERRY_MADE.segments[0].segment.id
    correct(db, FERRY.id, "ar", {title: "العبّارة تعود إلى الجزر"}, "Ana")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the browser tests open the system's Chromium: install the package 'chromium'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def text_of(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def test_a_sentence_is_reported_without_javascript_and_its_correction_is_found(
    served: Served, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.address}/en/article/{FERRY.id}/")
    page.get_by_role("link", name="Report a bad translation").click()
    page.get_by_role("radio", name=re.compile("1,420 tickets")).check()
    page.get_by_role("radio", name="A number, date or amount is wrong").check()
    page.get_by_label("How should it read?").fill(BETTER)
    page.get_by_role("button", name="Send").click()
    assert "Thank you for your report" in text_of(page)
    (found,) = reports.reports(served.db)
    assert (found.segment, found.kind) == (COMPANY, ReportKind.NUMBER)
    assert (found.suggestion, found.source) == (BETTER, FERRY_PT[1])

    correct(served.db, FERRY.id, "en", {COMPANY: found.suggestion}, "Ana", kind=found.kind)
    assert reports.reports(served.db) == ()
    page.get_by_role("link", name="Corrections").first.click()
    assert BETTER in text_of(page)
    context.close()
    page = browser.new_page()  # the other one may show what it has for a minute
    page.goto(f"{served.address}/en/article/{FERRY.id}/")
    assert "1,240 tickets will be refunded" in text_of(page)
    page.close()


def test_a_form_without_a_kind_is_held_by_the_browser(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}/en/article/{FERRY.id}/report/")
    page.get_by_role("button", name="Send").click()
    assert page.url.endswith("/report/")
    assert page.locator("input[name=kind]:invalid").count() > 0
    page.close()


def test_a_form_of_another_site_is_refused_by_a_real_browser(
    served: Served, browser: Browser, tmp_path: Path
) -> None:
    before = len(reports.reports(served.db))
    page = browser.new_page()
    target = f"{served.address}/en/article/{FERRY.id}/report/"
    other = served.address.replace("127.0.0.1", "localhost")
    page.route(
        f"{other}/trap",
        lambda route: route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{target}"><input name="kind" value="name">'
            "<button>Win</button></form>",
        ),
    )
    page.goto(f"{other}/trap")
    with page.expect_response(target) as answer:
        page.get_by_role("button").click()
    assert answer.value.status == 403
    assert len(reports.reports(served.db)) == before
    page.close()


@pytest.mark.parametrize("edition", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.timeout(300)
def test_the_form_and_the_log_are_accessible_and_fit_a_phone(
    served: Served, browser: Browser, edition: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    form = f"article/{FERRY.id}/report/"
    for path in (form, f"{form}?segment={COMPANY}", f"{form}?sent=1", "corrections/"):
        page.goto(f"{served.address}/{edition}/{path}")
        assert page.locator("html").get_attribute("lang") == edition
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{path} is {overflow} pixels too wide"
    page.goto(f"{served.address}/{edition}/article/{FERRY.id}/")
    assert page.locator(".complaint a").is_visible()
    page.get_by_role("radio").nth(2).check()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
    assert all(url.startswith(served.address) for url in asked)
