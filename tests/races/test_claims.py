"""Claims, answers, credits and 1C's returns at the same moment."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest

from orders.claim_refusals import ClaimTooMuch
from orders.models import Claim, ClaimLine, ErpDocument
from orders.services import claims as claim_services
from orders.services.claim_credits import claim_credit_follow, claim_credit_make, claim_credit_match
from orders.services.claim_decisions import claim_approve
from orders.states import WrongState
from tests.factories import AT, World, actor_of, make_world
from tests.orders.claims import approve, make_claim, returned, shipped
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 8


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


@pytest.fixture
def paper(world: World) -> ErpDocument:
    return shipped(world, "4")


def claiming(world: World, paper: ErpDocument, **told: object) -> Callable[[], Claim]:
    return partial(make_claim, world.buyer, paper, "1", **told)  # type: ignore[arg-type]


def claimed() -> Decimal:
    return sum(ClaimLine.objects.values_list("quantity", flat=True), Decimal(0))


def test_last_piece_is_claimed_once(world: World, paper: ErpDocument) -> None:
    outcomes = crowd([claiming(world, paper) for _click in range(CLICKS)])

    refused = [outcome for outcome in outcomes if not isinstance(outcome, Claim)]
    assert {type(refusal) for refusal in refused} == {ClaimTooMuch}
    assert (CLICKS - len(refused), claimed()) == (4, 4)


def test_more_than_was_shipped_is_claimed_without_the_lock(
    world: World, paper: ErpDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the test above can fail."""

    def read_only(_actor: object, shipment_id: int) -> ErpDocument:
        return ErpDocument.objects.select_related("part__order").get(pk=shipment_id)

    def slowly(*args: object, **held: object) -> None:
        checked(*args, **held)  # type: ignore[arg-type]
        time.sleep(0.5)  # everybody has looked before anybody writes

    checked = claim_services.check_claimed
    monkeypatch.setattr(claim_services, "shipment_locked", read_only)
    monkeypatch.setattr(claim_services, "check_claimed", slowly)

    crowd([claiming(world, paper) for _click in range(CLICKS)])

    assert claimed() > 4


def test_same_click_many_times_is_one_claim(world: World, paper: ErpDocument) -> None:
    outcomes = crowd([claiming(world, paper, idempotency_key=uuid4())] * CLICKS)

    assert outcomes == [Claim.objects.get()] * CLICKS


def test_two_managers_answer_once(world: World, paper: ErpDocument) -> None:
    claim = make_claim(world.buyer, paper, "2")
    actor = actor_of(world.manager)
    deciding = partial(
        claim_approve, actor=actor, claim_id=claim.pk, approved={}, reasons={}, answer="", at=AT
    )

    outcomes = crowd([deciding] * CLICKS)

    refused = [outcome for outcome in outcomes if not isinstance(outcome, Claim)]
    assert {type(refusal) for refusal in refused} == {WrongState}
    assert (len(refused), claim.steps.count()) == (CLICKS - 1, 2)


def test_portal_credits_once(world: World, paper: ErpDocument) -> None:
    claim = approve(world, make_claim(world.buyer, paper, "2"))
    crediting = partial(claim_credit_make, actor=actor_of(world.manager), claim_id=claim.pk, at=AT)

    outcomes = crowd([crediting] * CLICKS)

    assert [type(outcome) for outcome in outcomes] == [Claim] * CLICKS
    assert ErpDocument.objects.filter(kind="return").count() == 1


@pytest.mark.parametrize("_round", range(4))
def test_return_of_1c_against_the_portals_is_one_return(
    world: World, paper: ErpDocument, _round: int
) -> None:
    """Either 1C's came first and nothing is made here, or it is the one that was made."""
    claim = approve(world, make_claim(world.buyer, paper, "2"))
    crediting = partial(claim_credit_make, actor=actor_of(world.manager), claim_id=claim.pk, at=AT)

    crowd([crediting, partial(returned, paper)])  # type: ignore[list-item]
    back = ErpDocument.objects.get(kind="return", is_deleted=False)
    claim_credit_follow(document_id=back.pk, at=AT)

    claim = Claim.objects.get()
    assert (claim.state, claim.credit_paper, claim.credit_sum) == ("credited", back, 200)


@pytest.mark.parametrize("_round", range(4))
def test_return_that_comes_while_the_claim_is_approved_credits_it(
    world: World, paper: ErpDocument, _round: int
) -> None:
    claim = make_claim(world.buyer, paper, "2")
    back = returned(paper)

    def answered() -> None:
        approve(world, claim)
        claim_credit_match(claim_id=claim.pk, at=AT)  # what the event of the answer sets off

    outcomes = crowd([answered, partial(claim_credit_follow, document_id=back.pk, at=AT)])

    assert outcomes == [None, None]
    claim = Claim.objects.get()
    assert (claim.state, claim.credit_paper) == ("credited", back)
    assert list(claim.steps.order_by("pk").values_list("state", flat=True)) == [
        "submitted", "approved", "credited",
    ]  # fmt: skip
