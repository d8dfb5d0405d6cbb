"""People with passwords, and a hasher that tells how many guesses it checked."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests.factories import make_manager, make_user

PASSWORD = "right-password-2026"


class SpyHasher(MD5PasswordHasher):
    """Counts what reaches it: checks of a stored password, and fresh hashes."""

    checks = 0
    hashes = 0

    def verify(self, password: str, encoded: str) -> bool:
        type(self).checks += 1
        return super().verify(password, encoded)

    def encode(self, password: str, salt: str) -> str:
        type(self).hashes += 1
        return super().encode(password, salt)


@pytest.fixture
def spy(settings: Settings) -> type[SpyHasher]:
    settings.PASSWORD_HASHERS = ["tests.accounts.conftest.SpyHasher"]
    SpyHasher.checks = SpyHasher.hashes = 0
    return SpyHasher


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def person(db: None) -> User:
    return with_password(make_user("Иван Петров", email="ivan@dealer.example"))


@pytest.fixture
def manager(db: None) -> User:
    return with_password(make_manager(full_name="Мария Менеджерова"))


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    """Post the sign-in form; 302 is success."""
    return client.post("/accounts/login/", {"login": email, "password": password}).status_code
