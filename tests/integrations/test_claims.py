"""Claims on their way to 1C and back."""

from decimal import Decimal
from typing import Any

import pytest

from finance.models import LedgerEntry
from integrations.models import ErpRequest, ExchangeNode, ExternalId, ExternalKind
from integrations.services.claims import claim_tell
from integrations.services.push.requests import requests_polled
from integrations.services.requests import requests_refuse
from orders.models import Claim, ErpDocument
from orders.services.claim_credits import claim_credit_make
from orders.services.claim_decisions import claim_approve
from tests.factories import World, actor_of
from tests.integrations.erp_world import ENTITY, make_erp_world, ordered
from tests.integrations.onec_talk import run_jobs
from tests.integrations.test_requests import AT, answer
from tests.orders.claims import make_claim, returned
from tests.orders.test_shipment_requests import ship


@pytest.fixture
def world(node: ExchangeNode) -> World:
    node.answers_requests = True
    node.save(update_fields=["answers_requests"])
    return make_erp_world(node)


@pytest.fixture
def paper(node: ExchangeNode, world: World) -> ErpDocument:
    paper = ship(ordered(world, {0: "3"}, "300").parts.get(), "3")
    ExternalId.objects.create(
        node=node, kind=ExternalKind.ERP_DOCUMENT, external_id="ship-5", object_id=paper.pk
    )
    return paper


@pytest.fixture
def claim(world: World, paper: ErpDocument) -> Claim:
    """Two of three were approved, one of them cut; jobs have run."""
    claim = make_claim(world.buyer, paper, "2")
    line = claim.lines.get()
    claim_approve(
        actor=actor_of(world.manager),
        claim_id=claim.pk,
        approved={line.pk: Decimal(1)},
        reasons={line.pk: "Одна цела"},
        answer="Вернём за одну",
        at=AT,
    )
    run_jobs()
    return claim


def entries() -> list[tuple[str, Decimal, Decimal]]:
    return list(LedgerEntry.objects.order_by("pk").values_list("kind", "debit", "credit"))


def told_by_1c(node: ExchangeNode, request: ErpRequest, **told: Any) -> None:
    usual = {
        "ref": "back-1", "type": "return", "number": "ВУТ-9", "counterparty_ref": ENTITY, "sum": "100",
        "contract_ref": "c-1", "date": "2026-11-27",
    }  # fmt: skip
    answer(node, request, **(usual | told))
    run_jobs()


def test_approved_claim_is_offered_with_what_was_approved(node: ExchangeNode, claim: Claim) -> None:
    (item,) = requests_polled(node)["items"]

    assert item["type"] == "claim_request"
    told = item["claim"]
    assert (told["number"], told["kind"], told["answer"]) == (claim.number, "defect", "Вернём за одну")
    assert told["shipment"] == {"ref": "ship-5", "number": "УТ-1", "date": told["shipment"]["date"]}
    (line,) = told["lines"]
    assert (line["row"], Decimal(line["quantity"]), line["sum"]) == (1, 1, "100.00")
    assert item["order"]["site_number"] == claim.shipment.part.number


def test_claim_is_asked_for_once(claim: Claim) -> None:
    assert claim_tell(claim_id=claim.pk) is False
    assert ErpRequest.objects.count() == 1


def test_unanswered_claim_is_not_told(node: ExchangeNode, world: World, paper: ErpDocument) -> None:
    make_claim(world.buyer, paper, "1")
    run_jobs()

    assert requests_polled(node) == {"items": []}


def test_return_by_order_credits_and_closes_the_request(claim: Claim, paper: ErpDocument) -> None:
    returned(paper, "1")
    run_jobs()

    claim.refresh_from_db()
    assert (claim.state, claim.credit_sum) == ("credited", 100)
    assert ErpRequest.objects.get().state == "answered"
    assert entries() == [("shipment", 300, 0), ("return", 0, 100)]


def test_paper_that_answers_credits_the_claim(node: ExchangeNode, world: World, claim: Claim) -> None:
    contract(node, world)
    request = ErpRequest.objects.get()

    told_by_1c(node, request)

    claim.refresh_from_db()
    request.refresh_from_db()
    assert (claim.state, claim.credit_sum, request.state) == ("credited", 100, "answered")
    assert claim.credit_reference == f"received:{request.answer_id}"
    assert entries() == [("shipment", 300, 0), ("return", 0, 100)]

    told_by_1c(node, request, deleted=True, as_of="2026-11-28T10:00:00+03:00")

    claim.refresh_from_db()
    assert (claim.state, claim.credit_sum) == ("approved_partly", None)
    assert sum(debit - credit for _kind, debit, credit in entries()) == 300


def test_paper_of_1c_after_the_portals_return_is_the_same_money(
    node: ExchangeNode, world: World, claim: Claim
) -> None:
    contract(node, world)
    claim_credit_make(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)
    run_jobs()
    request = ErpRequest.objects.get()
    assert (request.state, sum(debit - credit for _kind, debit, credit in entries())) == ("waiting", 200)

    told_by_1c(node, request)

    claim.refresh_from_db()
    assert (claim.credit_reference[:9], claim.is_credited_here) == ("received:", False)
    assert sum(debit - credit for _kind, debit, credit in entries()) == 200


def test_refusal_of_1c_is_a_line_of_the_history(node: ExchangeNode, claim: Claim) -> None:
    requests_refuse(node, {ErpRequest.objects.get().uid: "Период закрыт"}, at=AT)

    claim.refresh_from_db()
    last = claim.steps.latest("pk")
    assert (claim.state, last.comment, last.source) == (
        "approved_partly",
        "1С отказала: Период закрыт",
        "erp",
    )


def contract(node: ExchangeNode, world: World) -> None:
    ExternalId.objects.create(
        node=node, kind=ExternalKind.CONTRACT, external_id="c-1", object_id=world.contract.pk
    )
