"""The desk in a real browser."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dragoman.cli.desk import open_desk
from dragoman.config import Desk, Settings
from dragoman.desk import door
from dragoman.store import open_store
from tests.desk.conftest import PASSWORD, TestDesk, add_people, fill_desk
from tests.desk.test_door import addresses
from tests.e2e.relaying import free_port
from tests.e2e.test_site import FLAGS, SIZES

pytestmark = pytest.mark.browser


class Served(TestDesk):
    """A desk that listens."""

    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    import asyncio

    folder = tmp_path_factory.mktemp("desk")
    settings = Settings(data=folder, editions=("en", "pt"), desk=Desk(port=free_port()))
    with open_store(f"sqlite:///{folder / 'relay.db'}") as db:
        fill_desk(db, datetime.now(UTC))
        add_people(db, datetime.now(UTC))
        opened = open_desk(settings, db, None, is_leaving_signals=True)
        thread = threading.Thread(target=lambda: asyncio.run(opened.serve()))
        thread.start()
        while not opened.server.started:
            time.sleep(0.02)
        app = opened.server.config.app.app  # type: ignore[union-attr]
        found = Served(db, app, lambda: datetime.now(UTC), settings)  # type: ignore[arg-type]
        found.address = f"http://127.0.0.1:{opened.port}"
        yield found
        opened.server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "the browser tests open the system's Chromium: install the package 'chromium'"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def log_in(served: Served, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(f"{served.address}/login")
    page.get_by_label("Name").fill("operator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    assert page.url == f"{served.address}/"
    return page


def pages(served: Served) -> list[str]:
    machines = ("/api/", "/metrics")
    listed = [path for path in addresses(served, "GET") if not path.startswith(machines)]
    shown = (path for path in listed if "." not in path)  # the others are files to save
    return [*shown, "/login", "/nowhere"]


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", "phone"), ("light", "desk"), ("dark", "phone")]
)
def test_every_page_of_the_desk_is_accessible_and_asks_no_other_host(
    served: Served, browser: Browser, scheme: str, size: str
) -> None:
    width, height = SIZES[size]
    # In the dark only colours are others.
    rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else None
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = log_in(served, context)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    faults: list[str] = []
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}"))
    for path in pages(served):
        page.goto(served.address + path)
        if page.url.endswith(path):
            found = Axe().run(page, options=rules)
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"
            overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert overflow <= 0, f"{path} is {overflow} pixels too wide"
    context.close()
    assert all(url.startswith(served.address) for url in asked)
    assert not [one for one in faults if "Content Security Policy" in one]


def test_an_operator_comes_in_by_link_and_works_without_javascript(
    served: Served, browser: Browser
) -> None:
    link = door.make_link(served.db, "editor", datetime.now(UTC))
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.address + link)
    page.get_by_role("button", name="Come in").click()
    assert page.url.endswith("/password")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    assert "Your password is set." in page.locator("main").inner_text()
    page.get_by_role("link", name="Sources", exact=True).click()
    page.get_by_role("link", name="Le Quai").click()
    page.get_by_role("button", name="Read at the next pass").click()
    assert "Le Quai is read at the next pass." in page.get_by_role("status").inner_text()
    page.reload()
    assert page.get_by_role("status").count() == 0
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{served.address}/sources")
    assert "/login" in page.url
    context.close()


class Neighbour(BaseHTTPRequestHandler):
    """Another server on this machine, to which browsers send the same cookies."""

    target = ""

    def do_GET(self) -> None:
        body = f'<form method="post" action="{self.target}"><button>x</button></form>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def test_a_form_of_a_neighbour_does_nothing(served: Served, browser: Browser) -> None:
    Neighbour.target = f"{served.address}/logout"
    context = browser.new_context()
    page = log_in(served, context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Neighbour) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.get_by_role("button").click()
        assert "was not sent by a page of the desk" in page.locator("main").inner_text()
        server.shutdown()
    page.goto(f"{served.address}/sources")
    assert page.get_by_role("heading", name="Sources").count() == 1
    context.close()


def test_the_keyboard_reaches_the_content_first(served: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}/login")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()
