"""The demo as its own process, a real Chromium before it, and somebody who clicks and types."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.hands import Finger, Hands, Mouse
from tests.browser.visitor import Visitor

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
TIMEOUT = 20_000
LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have what runs in the browser run without measuring coverage: the demo is a process of its own."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("without_coverage")
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(
                        reason="no Chromium on this machine: install Debian's package chromium-headless-shell"
                    )
                )


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The library that drives the browser."""
    with sync_playwright() as driver:
        expect.set_options(timeout=TIMEOUT)
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    yield browser
    browser.close()


@contextmanager
def demo_in(folder: Path, *options: str) -> Iterator[str]:
    """Run the demo in a folder; yields its address."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-open", *options]
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("EMBER_", "SLACK_"))}
    environment = settings | {"PYTHONPATH": str(HERE.parent.parent), "PYTHONUNBUFFERED": "1"}
    said = folder / "demo.log"
    with (
        said.open("w") as log,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        address = next(
            (found[0] for line in process.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line))), ""
        )
        assert address, said.read_text()
        try:
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            assert process.wait(timeout=20) == 0, said.read_text()


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo has made its agency, to copy."""
    folder = tmp_path_factory.mktemp("agency")
    with demo_in(folder):
        pass
    return folder


@pytest.fixture(scope="module")
def agency(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo with its agency, one for each file of tests: they leave it as they found it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(seeded / "data", folder / "data")
    with demo_in(folder) as address:
        yield address


@pytest.fixture(scope="module")
def nobody_yet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo without clients."""
    with demo_in(tmp_path_factory.mktemp("empty"), "--empty") as address:
        yield address


@contextmanager
def visit(browser: Browser, address: str, hands: type[Hands] = Mouse, **options: object) -> Iterator[Visitor]:
    """Open the page for somebody who wants it still and speaks American English; options are the browser's."""
    context: BrowserContext = browser.new_context(
        base_url=address, reduced_motion="reduce", locale="en-US", **{"viewport": LAPTOP, **options}
    )
    context.set_default_timeout(TIMEOUT)
    page: Page = context.new_page()
    visitor = Visitor(page, hands(page))
    visitor.arrive()
    yield visitor
    visitor.leave()
    context.close()
    assert visitor.went_elsewhere == [], "a request left the machine"
    assert visitor.complaints == [], "the page reported errors"


@pytest.fixture
def visitor(chromium: Browser, agency: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Somebody at a laptop before the agency: with a mouse, unless a test asks for other hands."""
    with visit(chromium, agency, getattr(request, "param", Mouse)) as somebody:
        yield somebody


@pytest.fixture
def colleague(chromium: Browser, agency: str) -> Iterator[Visitor]:
    """Tom, at a laptop of his own before the same agency."""
    with visit(chromium, agency) as somebody:
        somebody.becomes("Tom")
        yield somebody


@pytest.fixture
def on_a_phone(chromium: Browser, agency: str) -> Iterator[Visitor]:
    """Somebody before the agency with a phone in their hand."""
    with visit(chromium, agency, Finger, viewport=PHONE, has_touch=True, is_mobile=True) as somebody:
        yield somebody


@pytest.fixture
def newcomer(chromium: Browser, nobody_yet: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Somebody at a laptop before an agency without clients: with a mouse, unless a test asks for other hands."""
    with visit(chromium, nobody_yet, getattr(request, "param", Mouse)) as somebody:
        yield somebody
