"""The sweep can fail: with scoping switched off it finds what it is there to find."""

import sys
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q, QuerySet

from counterparties import reach as scoping
from counterparties.models import LegalEntity, Membership
from counterparties.selectors import actors
from counterparties.selectors.rights import Rights, rights_of
from tests.sweep.addresses import every_address, is_object
from tests.sweep.asking import Report
from tests.sweep.people import PRINCIPALS
from tests.sweep.walker import Walker
from tests.sweep.world import SweepWorld

STRANGERS = ("other head", "other manager", "other buyer")
LEAST_SHARE = 0.9
CLOSED_BY_ELSE: dict[str, str] = {
    "accounts:session_end": "one's own sessions: accounts.services.session_end asks for the person's number",
    "accounts:notice_open": "one's own inbox: notice_read asks for the person's number",
    "accounts:notice_mark": "the same",
    "counterparties:manager_photo": "managers_of_holding asks for the number of one's own client",
    "mfa_edit_webauthn": "one's own keys: allauth asks for the person who is signed in",
    "mfa_remove_webauthn": "the same",
    "orders:cart_choose": "locks carts by the person's number, after it has looked for a visible one",
    "orders:draft_take": "the same",
    "orders:draft_dismiss": "the same",
    "documents:task_file": "a paper that was issued has no draft, whoever asks for it",
    "documents:act_remark": "strangers have accepted the act by then, and nobody speaks of an accepted one",
}
"""Pages that stay closed without scoping, with what closes them."""


def _everything(rows: QuerySet[Any], *_args: object) -> QuerySet[Any]:
    return rows


def _everywhere(membership: Membership, *, on: date) -> Rights:
    """A person's role as it is, for the legal entities of all clients."""
    rights = rights_of(membership, on=on)
    all_ids = frozenset(LegalEntity.objects.values_list("pk", flat=True))
    return replace(rights, mine=all_ids, whole=all_ids, trusted=dict.fromkeys(rights.trusted, all_ids))


def switch_scoping_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every `visible_to`, its narrower kin and the condition under them return all rows.

    Rights reach all clients.
    """
    condition = scoping.reach
    for module in list(sys.modules.values()):
        if getattr(module, "reach", None) is condition:
            monkeypatch.setattr(module, "reach", lambda *_args, **_paths: ~Q(pk__in=[]))
    for model in apps.get_models():
        rows = type(model._default_manager.all())
        for name in ("visible_to", "writable_by", "owned_by"):
            if hasattr(rows, name):
                monkeypatch.setattr(rows, name, _everything)
    monkeypatch.setattr(actors, "rights_of", _everywhere)


def ask_strangers(world: SweepWorld) -> Report:
    """Ask every page of a thing until one of the strangers learns from it what is there."""
    report = Report()
    for name in STRANGERS:
        (principal,) = (one for one in PRINCIPALS if one.name == name)
        walker = Walker(world, principal, report, is_sample=True)
        for address in every_address():
            if is_object(address) and address.name not in report.told:
                walker.things(address, ("GET", "POST"))
    return report


@pytest.mark.usefixtures("known_actors")
def test_without_scoping_the_sweep_flags_object_pages(
    sweep_world: SweepWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {address.name for address in every_address() if is_object(address)}
    switch_scoping_off(monkeypatch)

    report = ask_strangers(sweep_world)

    print(f"flagged {len(report.told)} of {len(pages)} in {report.requests} requests")
    assert report.errors == []  # a page that fails would differ, too
    assert pages - report.told == set(CLOSED_BY_ELSE)
    assert len(report.told) >= len(pages) * LEAST_SHARE
