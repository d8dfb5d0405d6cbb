"""The world of the sweep; one for all of its tests would be changed by them, so each has its own."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from counterparties.actor import Actor
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
    known: dict[object, Actor] = {}
    ask = middleware.actor_for

    def actor_for(user: User, **how: Any) -> Actor:
        key = (user.pk, user.is_active, user.is_staff, user.is_superuser, *how.items())
        if key not in known:
            known[key] = ask(user, **how)
        return known[key]

    monkeypatch.setattr(middleware, "actor_for", actor_for)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
