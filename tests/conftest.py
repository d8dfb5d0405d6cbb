"""Fixtures that every test may use."""

import os
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.cache import cache
from pytest_django import Settings

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    """Files and exchange of a test go to its own folder; its cache is its own and starts empty."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) + 12
    location = urlunsplit(urlsplit(settings.CACHES["default"]["LOCATION"])._replace(path=f"/{number}"))
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": location}}
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


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real exports of 1C and other samples, where the folder is there."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no folder with real 1C exports beside the checkout")
    return SHARED_DATA
