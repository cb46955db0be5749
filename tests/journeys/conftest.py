"""Journeys: the real site (web, worker, beat, services) in a folder of its own, and people who use it in Chromium."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from demo.people import Account
from demo.site import Site
from tests.conftest import OWN_SERVICES, free_port

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site for the journeys of one file. Two labels a case, so that readers meet."""
    var = tmp_path_factory.mktemp("site")
    with Site(var, port=free_port(), environ=OWN_SERVICES | {"LABELS_PER_CASE": "2"}) as running:
        yield running


@pytest.fixture(scope="module")
def accounts(site: Site) -> dict[str, Account]:
    """An account per role, by the name before its @."""
    return {entry["email"].partition("@")[0]: Account(**entry) for entry in site.accounts()}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Chromium of the machine, else Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), None)
    browser = playwright.chromium.launch(executable_path=found, args=QUIET)
    yield browser
    browser.close()


class Watch:
    """What must never happen on any page: a request to another host, a refusal of the security policy, a script error."""

    def __init__(self, own: str) -> None:
        self._own = own
        self.is_paused = False  # while axe looks, which tries styles of its own on some pages
        self.complaints: list[str] = []

    def over(self, page: Page) -> None:
        page.on("request", lambda request: self._host(request.url))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def _host(self, url: str) -> None:
        if not url.startswith((self._own, "data:", "blob:", "about:")):
            self.complaints.append(f"request to another host: {url}")

    def _console(self, kind: str, text: str) -> None:
        if (
            kind == "error" and not self.is_paused and "status of 4" not in text
        ):  # Chromium logs the 422 of a form that was sent back
            self.complaints.append(f"console: {text}")


@pytest.fixture
def watch(site: Site) -> Watch:
    return Watch(site.url)


@pytest.fixture
def visit(chromium: Browser, site: Site, watch: Watch) -> Iterator[Callable[..., Page]]:
    """Open a page in a browser of its own: `visit(phone=True, javascript=True)`. Watched; fails at the end on a complaint."""
    contexts: list[BrowserContext] = []

    def opened(*, phone: bool = True, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.url,
            viewport=PHONE if phone else DESKTOP,
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="en-US",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture
def accessible(watch: Watch) -> Callable[[Page], None]:
    """Fail if axe finds a violation of WCAG 2.2 AA, or of its best practices, on the page as it is."""
    script = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        # Evaluated through the debugger, which the page's security policy does not stop, as it would a <script>.
        watch.is_paused = True
        page.evaluate(script)
        found = page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}))"
            ".violations.map(v => ({id: v.id, help: v.help, where: v.nodes.map(n => n.html.slice(0, 160))}))"
        )
        watch.is_paused = False
        assert found == [], f"{page.url}\n{json.dumps(found, indent=1)}"

    return check


@pytest.fixture
def sign_in(accounts: dict[str, Account], visit: Callable[..., Page]) -> Callable[[str], Page]:
    """A desktop browser in which a member of staff is signed in, on the staff's first page."""

    def signed_in(name: str) -> Page:
        page = visit(phone=False)
        page.goto("/staff/account/login/")
        page.get_by_label("Email").fill(accounts[name].email)
        page.get_by_label("Password").fill(accounts[name].password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/staff/")
        return page

    return signed_in
