"""Chromium against a live server, with a real worker behind it."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from portal.outbox.services import jobs_sweep
from tests.processes import celery_worker

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SCREENSHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 360, "height": 740}

# Playwright's synchronous API keeps an event loop in this thread; Django must not refuse to work in it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[object]:
    """Open pages of separate people; a fault in a page's console fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"{message.text} ({message.location.get('url', '')})")

    def opened(*, narrow: bool = False, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,  # type: ignore[attr-defined]
            viewport=NARROW if narrow else WIDE,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            java_script_enabled=scripts,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def worker(live_server: object, tmp_path: Path) -> Iterator[None]:
    """A worker, and beside it what beat does: a job that the broker missed in a busy moment is sent again."""
    over = threading.Event()
    sweeper = threading.Thread(target=_sweep, args=(over,))
    with celery_worker(tmp_path):
        sweeper.start()
        yield
        over.set()
        sweeper.join()


def _sweep(over: threading.Event) -> None:
    try:
        while not over.wait(3):
            jobs_sweep()
    finally:
        connection.close()


def shot(page: Page, name: str) -> None:
    """Keep a picture of the page for people: var/screenshots/<name>.png."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


def fits(page: Page) -> bool:
    """Whether nothing of the page stands beyond its right edge."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
