"""The sweep can fail: with scoping switched off it finds what it is there to find."""

import sys
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q, QuerySet

from counterparties import reach as scoping
from tests.sweep.addresses import every_address, is_object
from tests.sweep.asking import Report
from tests.sweep.people import PRINCIPALS
from tests.sweep.walker import Walker
from tests.sweep.world import SweepWorld

STRANGERS = ("other head", "other buyer", "other manager")
LEAST_SHARE = 0.9


def _everything(rows: QuerySet[Any], *_args: object) -> QuerySet[Any]:
    return rows


def switch_scoping_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every `visible_to` and the one condition under them return all rows."""
    condition = scoping.reach
    for module in list(sys.modules.values()):
        if getattr(module, "reach", None) is condition:
            monkeypatch.setattr(module, "reach", lambda *_args, **_paths: Q())
    for model in apps.get_models():
        rows = type(model._default_manager.all())
        if hasattr(rows, "visible_to"):
            monkeypatch.setattr(rows, "visible_to", _everything)


def flagged(world: SweepWorld) -> set[str]:
    """Addresses of things where one of the strangers sees, changes or can tell what is there."""
    report = Report()
    for principal in PRINCIPALS:
        if principal.name in STRANGERS:
            walker = Walker(world, principal, report, is_sample=True)
            for address in every_address():
                if is_object(address) and address.name not in report.flagged:
                    walker.things(address, ("GET", "POST"))
    return set(report.flagged)


@pytest.mark.sweep
@pytest.mark.usefixtures("known_actors")
def test_without_scoping_the_sweep_flags_object_pages(
    sweep_world: SweepWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {address.name for address in every_address() if is_object(address)}
    switch_scoping_off(monkeypatch)

    found = flagged(sweep_world)

    print(f"flagged {len(found)} of {len(pages)}; not flagged: {sorted(pages - found)}")
    assert len(found) >= len(pages) * LEAST_SHARE
