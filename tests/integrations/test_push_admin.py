"""Keys, the journal, partners and organizations of the JSON channel in the admin."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counterparties.models import Contract
from integrations.models import (
    ErpPartner,
    ErpParty,
    ExchangeKey,
    ExchangeNode,
    ExchangeStream,
    ExternalId,
    ExternalKind,
    PushBatch,
    PushRef,
    StreamLimit,
)
from integrations.reports.freshness import Freshness, stream_rows
from integrations.selectors import partners_with_holding
from tests.factories import World, make_legal_entity, make_world
from tests.integrations.push_talk import (
    ENTITY,
    ORGANIZATION,
    PARTNER,
    Push,
    contract,
    known_world,
    partner,
    settlement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(node: ExchangeNode) -> World:
    world = make_world()
    known_world(node, world)
    return world


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def test_key_is_shown_once_and_works(browser: Client, push: Push) -> None:
    answer = browser.post(
        reverse("admin:integrations_exchangekey_add"), {"node": push.node.pk, "name": "Расчеты"}
    )

    (told,) = re.findall(r"onec_[0-9a-f]{8}_[\w-]+", answer.content.decode())
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert not list(get_messages(answer.wsgi_request))
    key = ExchangeKey.objects.get(name="Расчеты")
    page = browser.get(reverse("admin:integrations_exchangekey_change", args=[key.pk])).content.decode()
    assert key.prefix in page
    assert told not in page
    push.key = told
    assert push.send("partners", [])[0] == 200


def test_key_is_revoked_from_the_list(browser: Client, push: Push) -> None:
    key = ExchangeKey.objects.get()

    browser.post(
        reverse("admin:integrations_exchangekey_changelist"),
        {"action": "revoke", "_selected_action": [key.pk]},
    )

    assert push.send("partners", [])[0] == 401


def test_base_restored_from_a_copy_is_heard_again(browser: Client, push: Push) -> None:
    push.send("partners", [partner(name="До сбоя")], seq=900)
    passed_over = push.send("partners", [partner(name="После")], seq=5)[1]["outdated"]

    browser.post(
        reverse("admin:integrations_exchangenode_changelist"),
        {"action": "restart", "_selected_action": [push.node.pk]},
    )
    push.send("partners", [partner(name="После")], seq=6)

    assert (passed_over, ErpPartner.objects.get().name) == (1, "После")


def test_journal_names_what_was_refused(browser: Client, push: Push) -> None:
    push.send("partners", [partner(name="<b>"), {"ref": "bad", "name": ""}])

    page = browser.get(reverse("admin:integrations_pushbatch_change", args=[PushBatch.objects.get().pk]))

    assert "<b>bad</b>: name: пустая строка" in page.content.decode()


def test_every_list_and_row_opens(browser: Client, push: Push) -> None:
    push.send("partners", [partner()])
    push.send("agreements", [{"ref": "a-1", "partner_ref": PARTNER, "price_type_ref": "pt"}])
    push.send("contracts", [contract()])
    push.send("settlements", [settlement(), settlement("unknown")])

    pages = {}
    for app, name in [
        ("integrations", "exchangekey"), ("integrations", "pushbatch"), ("integrations", "pushref"),
        ("integrations", "erppartner"), ("integrations", "erpagreement"), ("finance", "settlement"),
    ]:  # fmt: skip
        listed = browser.get(reverse(f"admin:{app}_{name}_changelist"))
        (first, *_) = re.findall(rf"/{name}/(\d+)/change/", listed.content.decode())
        shown = browser.get(reverse(f"admin:{app}_{name}_change", args=[first]))
        pages[name] = (listed.status_code, shown.status_code)

    assert set(pages.values()) == {(200, 200)}


def test_holding_of_a_partner_is_that_of_its_counterparties(push: Push, world: World) -> None:
    entity = world.entity
    push.send("partners", [partner()])
    told = {"ref": ENTITY, "name": "Север", "partner_ref": PARTNER}
    push.send("counterparties", [told])

    def holding() -> tuple[object, object]:
        row = partners_with_holding(ErpPartner.objects.all()).get()
        return row.holding_id, row.holding_name  # type: ignore[attr-defined]

    assert holding() == (world.holding.pk, world.holding.name)
    second = make_legal_entity(world.holding)
    push.send("counterparties", [told | {"ref": "c-2", "inn": second.inn, "kpp": second.kpp}])
    assert holding() == (world.holding.pk, world.holding.name)
    ErpParty.objects.filter(external_id="c-2").update(legal_entity=world.other_entity)
    assert holding() == (None, None)
    assert entity.holding == world.holding


def test_organization_is_named_on_the_mapping_screen(browser: Client, push: Push, world: World) -> None:
    ExternalId.objects.filter(kind=ExternalKind.ORGANIZATION).delete()
    push.send("contracts", [contract()])
    screen = reverse("admin:integrations_exchangenode_mapping")
    page = browser.get(screen).content.decode()

    browser.post(
        screen,
        {"node": push.node.pk, "organization_ref": ORGANIZATION, "target": world.organization.pk},
    )

    assert (ORGANIZATION in page, "не сопоставлена" in page) == (True, True)
    assert Contract.objects.get(number="П-17").organization == world.organization
    assert world.organization.name in browser.get(screen).content.decode()
    assert PushRef.objects.get().payload is None


def test_streams_of_json_are_told_where_a_base_sends_them(push: Push, world: World) -> None:
    push.send("settlements", [])
    ExchangeStream.objects.update(applied_at=timezone.now() - timedelta(days=2))
    push.send("agreements", [])

    told = {row.name: row.state for row in stream_rows(at=timezone.now())}

    assert (told["Расчеты"], told["Соглашения"]) == (Freshness.LATE, Freshness.FRESH)
    assert "Договоры" not in told


def test_stream_that_comes_with_changes_is_late_only_against_a_limit(push: Push) -> None:
    push.send("contracts", [])
    ExchangeStream.objects.update(applied_at=timezone.now() - timedelta(days=2))
    quiet = {row.name: row.state for row in stream_rows(at=timezone.now())}
    StreamLimit.objects.create(node=push.node, kind="contracts", late_after_minutes=60)

    limited = {row.name: row.state for row in stream_rows(at=timezone.now())}

    assert (quiet["Договоры"], limited["Договоры"]) == (Freshness.FRESH, Freshness.LATE)
