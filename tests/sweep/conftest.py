"""The world of the sweep; one for all of its tests would be changed by them, so each has its own."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from accounts.models import User
from counterparties.web import middleware
from tests.sweep.world import SweepWorld, make_sweep_world


@pytest.fixture
def sweep_world(db: None) -> SweepWorld:
    return make_sweep_world()


@pytest.fixture
def known_actors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work out once what each person may do, and keep refusals out of the log: thousands of requests.

    Every request begins with the rights of the one before, as whatever that one wrote is taken back.
    Revoked rights have tests of their own, in test_oracles.
    """
    for name in ("memberships_held", "actor_for"):
        monkeypatch.setattr(middleware, name, _once(getattr(middleware, name)))
    logging.disable(logging.WARNING)  # a page that fails is still told of
    yield
    logging.disable(logging.NOTSET)


def _once(ask: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[object, Any] = {}

    def answer(user: User, *, memberships: object = None, **how: object) -> Any:
        key = (user.pk, user.is_active, user.is_staff, user.is_superuser, *how.items())
        if key not in known:
            known[key] = ask(user, **how)
        return known[key]

    return answer
