"""Fixtures of the exchange."""

import pytest
from django.test import Client
from pytest_django import Settings

from integrations.models import ExchangeNode
from tests.integrations.onec_talk import Talk, make_node
from tests.integrations.push_talk import Push


@pytest.fixture
def node(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> ExchangeNode:
    """A 1C base; polls answer at once, and no broker hears of jobs: a test runs them itself.

    The heartbeat's own connection cannot see a job inside the transaction of a test, so it is not woken.
    """
    settings.EXCHANGE_POLL_SECONDS = 0.0
    monkeypatch.setattr("portal.outbox.sending.send", len)
    monkeypatch.setattr("portal.outbox.heartbeat.Heartbeat.tell", lambda self, progress: None)
    return make_node()


@pytest.fixture
def talk(client: Client, node: ExchangeNode) -> Talk:
    """A session of that base, ready for files."""
    return Talk(client, node).start()


@pytest.fixture
def push(client: Client, node: ExchangeNode) -> Push:
    """The same base with a key of the JSON channel."""
    return Push(client, node)
