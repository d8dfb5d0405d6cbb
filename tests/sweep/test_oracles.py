"""Cases that a walk over addresses does not meet: time, revocation, papers' contents, search."""

import io
from statistics import median
from time import perf_counter

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from counterparties.services.stages import stage_revoke
from tests.factories import actor_of
from tests.sweep.addresses import PK
from tests.sweep.canaries import canary, tags_in, text_of
from tests.sweep.things import MISSING
from tests.sweep.world import SweepWorld

TRIES = 200
LARGEST_DIFFERENCE = 0.005  # seconds


def browser(world: SweepWorld, name: str) -> Client:
    client = Client()
    client.force_login(world.users[name])
    return client


def took(client: Client, path: str) -> float:
    began = perf_counter()
    assert client.get(path).status_code == 404
    return perf_counter() - began


@pytest.mark.sweep  # a clock decides: not beside other tests
def test_time_does_not_tell_a_foreign_order_from_a_missing_one(sweep_world: SweepWorld) -> None:
    client = browser(sweep_world, "bhead")
    foreign, missing = (
        reverse("orders:detail", args=[corner.ids["order"]])
        for corner in (sweep_world.corners["a1e1"], MISSING)
    )

    pairs = [(took(client, foreign), took(client, missing)) for _try in range(TRIES)]

    assert abs(median(of_foreign - of_missing for of_foreign, of_missing in pairs)) < LARGEST_DIFFERENCE


def test_paper_shows_its_own_client_only(sweep_world: SweepWorld) -> None:
    corner = sweep_world.corners["a1e1"]
    client = browser(sweep_world, "a1e1")

    answer = client.get(reverse("documents:download", args=[corner.ids["document"]]))

    assert answer["Content-Type"] == "application/pdf"
    assert tags_in(text_of(answer), sweep_world.literals) == {"a1"}


def test_canary_in_a_workbook_is_heard() -> None:
    planted, book = canary("a1"), Workbook()
    book.active["A1"] = f"ООО {planted}"
    book.save(content := io.BytesIO())

    answer = HttpResponse(content.getvalue())

    assert tags_in(text_of(answer), {}) == {"a1"}


def test_revoked_stage_closes_papers_at_the_next_request(sweep_world: SweepWorld) -> None:
    corner = sweep_world.corners["a1e1"]
    client = browser(sweep_world, "a1e1")
    path = reverse("documents:download", args=[corner.ids["document"]])
    before = client.get(path)
    before.getvalue()

    stage_revoke(
        actor=actor_of(sweep_world.users["ahead"]),
        grant_id=int(str(corner.ids["held_stage"])),
        answer="",
        at=timezone.now(),
    )

    assert (before.status_code, client.get(path).status_code) == (200, 403)


def test_list_of_orders_holds_exactly_those_that_may_be_seen(sweep_world: SweepWorld) -> None:
    of_client = {"a1e1", "a1e2", "a2e3"}
    may_see = {"a1e1": {"a1e1"}, "a1e2": {"a1e2"}, "a2e3": {"a2e3"}, "b1e1": {"b1e1"}}
    may_see |= {"ahead": of_client, "amanager": of_client, "bhead": {"b1e1"}, "bmanager": {"b1e1"}}

    seen = {}
    for name in may_see:
        page = text_of(browser(sweep_world, name).get(reverse("orders:list")))
        seen[name] = {tag.removesuffix("order") for tag in tags_in(page, {}) if tag.endswith("order")}

    assert seen == may_see


def test_every_kind_of_thing_is_in_every_corner(sweep_world: SweepWorld) -> None:
    kinds = {kind for kind, _tag in PK.values()}

    for corner in (*sweep_world.corners.values(), MISSING):
        assert kinds <= set(corner.ids), corner.key
