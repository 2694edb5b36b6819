"""A Chromium, a sample site, and pages that must not complain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    sync_playwright,
)

from tests.browser.picker import Picker
from tests.browser.programs import BUILD, axe_source, chromium_path
from tests.browser.site import EDITOR, PASSWORD, Site, serve

SCREENSHOTS = BUILD / "screenshots"
WIDE = (1280, 900)
SHOW_ALL = """() => {
  const images = [...document.images].filter((image) => image.src);
  for (const image of images) image.loading = "eager";
  return Promise.allSettled(images.map((image) => image.decode()));
}"""
"""A picture of a page has those below the window, too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker has the browser; all of it is slow, and starts other programs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            for mark in (pytest.mark.slow, pytest.mark.service, pytest.mark.xdist_group("browser")):
                item.add_marker(mark)


# Playwright's loop runs as long as its browser lives, and Django's database refuses to work in a
# thread with a running loop. So all of this ends with the package, before other tests come.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        # A container has no sandbox inside its own.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Site]:
    """The running site; it asks for the browser first, so that without one nothing is started."""
    with serve(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture(scope="package")
def axe() -> str:
    """The source of axe-core."""
    return axe_source()


@pytest.fixture(scope="package")
def log_in(site: Site, chromium: Browser) -> Callable[[str], Any]:
    """The cookies of a user, who logs in once."""

    @cache
    def log_in(name: str) -> Any:
        with chromium.new_context(base_url=site.url) as context:
            page = context.new_page()
            page.goto("/admin/")
            page.get_by_label("Username").fill(name)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Log in").click()
            page.get_by_role("link", name="Albums").first.wait_for()
            return context.storage_state()

    return log_in


@dataclass
class Tab:
    """A page of the site, what it complained about, and where its pictures go."""

    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> "Tab":
        self.page.goto(address, wait_until="load")
        return self

    @property
    def picker(self) -> Picker:
        """The first picker of the page."""
        return Picker(self.page.locator("versatile-ppoi").first)

    @property
    def main(self) -> Locator:
        """The page without what is around it on every page."""
        return self.page.locator("main, #content").first

    def shoot(self, name: str, **options: Any) -> None:
        """Keep a picture of the window, or of a part: ``of=`` a locator."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        target = options.pop("of", self.page)
        self.page.evaluate(SHOW_ALL)
        target.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled", **options)

    def violations(self, axe: str, of: str = "html") -> list[str]:
        """What axe-core finds on the page as it stands, or in a part of it: a CSS selector."""
        before = len(self.complaints)
        self.page.evaluate(axe)
        found = self.page.evaluate("async (part) => (await axe.run(part)).violations", of)
        # axe-core measures with inline styles of its own, which the policy forbids.
        del self.complaints[before:]
        return [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    def listen(self) -> None:
        self.page.on("console", self._on_message)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _on_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            place = message.location.get("url", "")
            self.complaints.append(f"{message.text} ({place}, on {self.page.url})")


OpenTab = Callable[..., Tab]


@pytest.fixture
def open_tab(site: Site, chromium: Browser) -> Iterator[OpenTab]:
    """Opens tabs; at the end none of them may have complained."""
    contexts: list[BrowserContext] = []
    tabs: list[Tab] = []

    def opened(address: str, *, size: tuple[int, int] = WIDE, **options: Any) -> Tab:
        viewport = ViewportSize(width=size[0], height=size[1])
        context = chromium.new_context(base_url=site.url, viewport=viewport, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        tab = Tab(context.new_page(), site)
        tabs.append(tab)
        tab.listen()
        return tab.open(address)

    yield opened
    for context in contexts:
        context.close()
    assert [complaint for tab in tabs for complaint in tab.complaints] == []


@pytest.fixture
def open_admin(open_tab: OpenTab, log_in: Callable[[str], Any]) -> OpenTab:
    """The same for a user of the admin: the editor, or who is named by ``user=``."""

    def opened(address: str, *, user: str = EDITOR, **options: Any) -> Tab:
        return open_tab(f"/admin/{address}", storage_state=log_in(user), **options)

    return opened
