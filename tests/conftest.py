"""Fixtures that every test may use."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as settings_in_force
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from catalog.index.reading import catalog_index, forget_index
from finance.invariants import INVARIANTS
from portal.lib.invariants import broken
from tests.numbers import numbers

gc.set_threshold(100_000, 20, 20)  # as in manage.py: making the test database takes a sixth less
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database; at the end sessions of others in it are ended, as it cannot be dropped before.

    Threads of the live server have sessions of their own, and may still be at work when the tests are over.
    """
    yield
    with django_db_blocker.unblock():
        connection.close()  # one opened before a browser was driven may have been ended from the other side
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def own_cache() -> Iterator[None]:
    """Each process that runs tests has a database of Redis for itself.

    Once for all of its tests: with each change of the setting Django makes caches anew, and the connections
    of the former ones stay open until the collector of garbage comes, which may be thousands of tests later.
    """
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 12
    shared = settings_in_force.CACHES["default"]
    location = urlunsplit(urlsplit(shared["LOCATION"])._replace(path=f"/{number}"))
    with override_settings(CACHES={"default": shared | {"LOCATION": location}}):
        yield


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    """Files and exchange of a test go to its own folder; its cache starts empty."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.EXCHANGE_ROOT = tmp_path / "exchange"
    settings.STORAGES = settings.STORAGES | {
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    forget_index()


@pytest.fixture(autouse=True)
def numbers_of_its_own() -> None:
    """What a test makes is numbered from one, whatever ran before it in the process."""
    numbers.restart()


@pytest.fixture(autouse=True)
def sound_money(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a race, a flow or a browser's test the ledger and the limits are as they must be."""
    marker = request.node.get_closest_marker("django_db")
    is_looked_at = request.path.parent.name in {"races", "flows", "browser"}
    if not (is_looked_at and marker is not None and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    assert [str(fault) for fault in broken(INVARIANTS)] == []


@pytest.fixture
def settled_index(settings: Settings) -> Callable[[], None]:
    """Call it when all rows are made: the index takes them over and is not looked at again.

    Then a page asks as few queries as in a process that has been serving for a while.
    """

    def settle() -> None:
        settings.CATALOG_INDEX_INLINE = True
        catalog_index()
        settings.CATALOG_INDEX_INLINE = False
        settings.CATALOG_INDEX_POLL_SECONDS = 3_600
        settings.PRICE_TERMS_KEPT_SECONDS = 1e9

    return settle


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real exports of 1C and other samples, where the folder is there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no folder with real 1C exports beside the checkout")
    return SHARED_DATA
