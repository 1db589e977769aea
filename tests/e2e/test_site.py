"""The relayed site in a real browser."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page, sync_playwright

from dragoman import store
from dragoman.types import TranslationStatus
from tests.e2e.relaying import Relayed

pytestmark = pytest.mark.browser

# Without these Chromium looks up its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (320, 640), "desk": (1280, 900)}


# For this module alone: while it lives, playwright keeps an event loop in this thread, and no
# other test could start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the browser tests open the system's Chromium: install the package 'chromium'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def translated(relayed: Relayed, language: str, into: str) -> str:
    """Give the id of an article that may be shown whole, translated from a language."""
    full = {one.id for one in store.sources.sources(relayed.db) if one.rights.value == "full"}
    for article in store.articles.articles(relayed.db):
        one = store.translations.translation(relayed.db, article.id, into)
        is_done = one is not None and one.status is TranslationStatus.DONE
        if article.source in full and article.language.startswith(language) and is_done:
            return article.id
    raise AssertionError(f"no whole article from {language} into {into}")


def largest_story(relayed: Relayed) -> str:
    (summary, *_) = sorted(store.stories.newest(relayed.db, 50, 0), key=lambda one: -one.articles)
    return summary.id


def page_types(relayed: Relayed) -> dict[str, str]:
    source = store.sources.sources(relayed.db)[0].id
    return {
        "front": "",
        "story": f"story/{largest_story(relayed)}/",
        "article": f"article/{translated(relayed, 'en', 'pt')}/",
        "source": f"source/{source}/",
        "section": "section/economy/",
    }


def quiet_pages(relayed: Relayed) -> dict[str, str]:
    return {
        "about": "about/",
        "day": f"day/{store.editions.days(relayed.db)[0].isoformat()}/",
        "contact": "contact/",
        "languages": "languages/",
        "nothing": "nowhere/",
    }


@pytest.mark.parametrize("edition", ["en", "pt", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
@pytest.mark.timeout(300)
def test_every_page_type_is_accessible_and_asks_no_other_host(
    relayed: Relayed, site: str, browser: Browser, edition: str, scheme: str, size: str
) -> None:
    check_pages(browser, f"{site}/{edition}/", page_types(relayed), scheme, size)


@pytest.mark.parametrize(
    ("edition", "scheme", "size"), [("en", "light", "desk"), ("ar", "dark", "phone")]
)
def test_the_pages_about_the_site_are_accessible_too(
    relayed: Relayed, site: str, browser: Browser, edition: str, scheme: str, size: str
) -> None:
    check_pages(browser, f"{site}/{edition}/", quiet_pages(relayed), scheme, size)


def check_pages(browser: Browser, root: str, pages: dict[str, str], scheme: str, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, path in pages.items():
        page.goto(f"{root}{path}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{name} is {overflow} pixels too wide"
    context.close()
    assert all(url.startswith(root[: root.index("/", 8)]) for url in asked)


def test_the_switch_shows_translation_original_or_both_without_javascript(
    relayed: Relayed, site: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/pt/article/{translated(relayed, 'en', 'pt')}/")

    def shown() -> int:
        return page.locator("article p[lang|=en]:visible, article .o:visible").count()

    radios = page.get_by_role("radio")
    assert radios.count() == 3
    radios.nth(0).check()
    only_translation = shown()
    radios.nth(1).check()
    only_original = shown()
    radios.nth(2).check()
    both = shown()
    context.close()
    assert only_translation < only_original <= both


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_doubtful_sentence_is_seen_with_its_reason_and_its_original(
    newsroom: str, browser: Browser, scheme: str
) -> None:
    page = browser.new_page(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{newsroom}/en/article/ferrypt00001/")
    note = page.locator(".note", has_text="low confidence").first
    assert note.is_visible()
    assert "the original says 1240, this 1420" in note.inner_text()
    original = note.locator("q[lang=pt]")
    assert original.is_visible()
    assert original.inner_text().startswith("A companhia anunciou")
    assert page.locator(".t .low").first.is_visible()
    assert not Axe().run(page).response["violations"]
    page.close()


def test_an_arabic_edition_runs_right_to_left(site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{site}/ar/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.locator("html").get_attribute("lang") == "ar"
    page.close()


def test_the_language_switch_stays_on_the_same_story(
    relayed: Relayed, site: str, browser: Browser
) -> None:
    page = browser.new_page()
    page.goto(f"{site}/en/story/{largest_story(relayed)}/")
    page.get_by_role("link", name="Français").first.click()
    assert page.url == f"{site}/fr/story/{largest_story(relayed)}/"
    page.close()


def test_what_waits_for_a_model_says_so_and_names_the_command(
    relayed: Relayed, site: str, browser: Browser
) -> None:
    arabic = store.articles.articles(relayed.db, language="ar")[0]
    page = browser.new_page()
    page.goto(f"{site}/en/article/{arabic.id}/")
    assert "dragoman models add ar en" in text_of(page)
    assert page.locator("[lang=ar][dir=rtl]").count() > 0
    page.close()


def text_of(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def test_keys_move_open_and_switch_and_can_be_turned_off(
    relayed: Relayed, site: str, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/pt/article/{translated(relayed, 'en', 'pt')}/")
    page.keyboard.press("t")
    assert page.locator("#show-original").is_checked()
    page.keyboard.press("b")
    assert page.locator("#show-both").is_checked()
    page.keyboard.press("Control+t")
    assert page.locator("#show-both").is_checked()
    page.goto(f"{site}/pt/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == page.locator(".story h2 a").first.get_attribute("href")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    assert Axe().run(page).violations_count == 0
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    assert page.url == f"{site}/pt/"
    context.close()


def test_what_a_reader_chose_is_kept_for_the_next_page(
    relayed: Relayed, site: str, browser: Browser
) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    article = f"{site}/pt/article/{translated(relayed, 'en', 'pt')}/"
    page.goto(article)
    page.get_by_label("Lado a lado").check()
    page.locator("#colours").select_option("dark")
    page.goto(f"{site}/pt/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, re.findall(r"\d+", paper)[:3])) < 60
    page.goto(article)
    assert page.locator("#show-both").is_checked()
    assert Axe().run(page).violations_count == 0
    context.close()


def test_the_last_edition_can_be_read_without_a_connection(site: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/en/")
    story = page.locator(".story h2 a").first.get_attribute("href")
    page.wait_for_function(
        "async (path) => Boolean(await caches.match(path, {ignoreVary: true}))", arg=story
    )
    page.wait_for_function(
        "async () => Boolean(await caches.match(location.pathname, {ignoreVary: true}))"
    )
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")
    context.set_offline(True)
    open_offline(page, f"{site}{story}")
    assert page.locator("h1").inner_text()
    open_offline(page, f"{site}/en/")
    assert page.locator(".story").count() > 1
    context.close()


def open_offline(page: Page, address: str) -> None:
    """Open a page as a reader does: a browser that is too busy to start the worker is asked again.

    Without the worker it looks for the network, and finds none.
    """
    for _ in range(4):
        with suppress(Error):
            page.goto(address)
            return
        time.sleep(2)
    page.goto(address)


def test_languages_that_are_read_are_chosen_without_javascript(
    relayed: Relayed, site: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/pt/languages/")
    page.get_by_label("English").check()
    page.locator("form.choice button").click()
    assert page.get_by_role("status").is_visible()
    page.goto(f"{site}/pt/article/{translated(relayed, 'en', 'pt')}/")
    assert page.locator("#show-original").is_checked()
    assert page.locator("h1 [lang|=en]").count() == 1
    context.close()


def test_nothing_moves_while_a_page_loads(relayed: Relayed, site: str, browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => { for (const entry of "
        "list.getEntries()) window.moved += entry.value; })"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    for path in ("", f"article/{translated(relayed, 'en', 'pt')}/"):
        page.goto(f"{site}/pt/{path}", wait_until="networkidle")
        assert page.evaluate("window.moved") < 0.01
    page.close()


def test_no_promotion_of_the_press_reaches_a_page(relayed: Relayed, site: str) -> None:
    for article in store.articles.articles(relayed.db):
        html = urlopen(f"{site}/en/article/{article.id}/").read().decode()
        assert not re.search(r"CLICK HERE|CLIQUE AQUI PARA|CARREGUE AQUI", html)
