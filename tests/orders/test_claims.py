"""Making claims, answering them, and their money."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from accounts.models import Notice, User
from counterparties.actor import AccessDenied
from counterparties.permissions import ReadyRole
from finance.models import LedgerEntry
from orders.claim_refusals import (
    ClaimEmpty,
    ClaimFileRefused,
    ClaimRowsChanged,
    ClaimTooMuch,
    ClaimWordsMissing,
    DecisionWrong,
    NotByGoods,
    NothingApproved,
    NotLeftToReturn,
    ReasonMissing,
    ReturnNotFit,
    ReturnThere,
)
from orders.claim_states import ClaimKind, ClaimState, ClaimWish
from orders.models import Claim, ClaimFile, ErpDocument, Order
from orders.refusals import IdempotencyConflict
from orders.selectors.claims import approved_gross, is_left
from orders.services.claim_credits import (
    claim_credit_choose,
    claim_credit_follow,
    claim_credit_make,
    claim_credit_match,
    claim_credit_received,
)
from orders.services.claim_decisions import claim_complete, claim_reject, claim_take
from orders.services.claim_files import MOST_FILES, claim_files_add
from orders.services.claim_notices import claim_filed_tell, claim_moved_tell
from orders.services.claims import claim_withdraw
from orders.services.erp_ledger import paper_post
from orders.states import WrongState
from tests.documents.contracts.samples import picture
from tests.factories import AT, TODAY, World, actor_of, make_manager, make_person
from tests.orders.claims import approve, make_claim, returned, shipped
from tests.orders.test_erp import row
from tests.orders.test_shipment_requests import ship


@pytest.fixture
def paper(world: World) -> ErpDocument:
    return shipped(world)


@pytest.fixture
def claim(world: World, paper: ErpDocument) -> Claim:
    return make_claim(world.buyer, paper)


def again(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def steps(claim: Claim) -> list[str]:
    return list(claim.steps.order_by("pk").values_list("state", flat=True))


# --- making -------------------------------------------------------------------------------------------
def test_claim_freezes_rows_of_the_shipment(world: World, paper: ErpDocument) -> None:
    claim = make_claim(world.buyer, paper, "2")

    line = claim.lines.get()
    assert (claim.number[0], claim.state, claim.legal_entity) == ("R", ClaimState.SUBMITTED, world.entity)
    assert (line.quantity, line.shipped, line.gross, line.note) == (2, 4, Decimal(200), "Разбита коробка")
    assert steps(claim) == ["submitted"]

    ship(paper.part, "1", document=paper, rows=(row(None, "1", "5", name="Другое"),))

    line.refresh_from_db()
    assert (line.row_id, line.sku_id, line.quantity, line.gross) == (None, world.skus[0].pk, 2, 200)


def test_receiver_may_claim(world: World, paper: ErpDocument) -> None:
    person = make_person(world.holding, ReadyRole.RECEIVER)

    claim = make_claim(person, paper)

    assert claim.created_by == person
    assert list(Claim.objects.visible_to(actor_of(person))) == [claim]


def test_answer_is_promised_in_working_days(world: World, claim: Claim) -> None:
    assert claim.answer_due_at > AT + timedelta(days=2)
    assert not claim.is_late(claim.answer_due_at)
    assert claim.is_late(claim.answer_due_at + timedelta(minutes=1))


def refuses(refusal: type[Exception], person: User, paper: ErpDocument, *args: Any, **told: Any) -> None:
    before = Claim.objects.count()
    with pytest.raises(refusal), transaction.atomic():
        make_claim(person, paper, *args, **told)
    assert Claim.objects.count() == before


def test_no_more_is_claimed_than_was_shipped(world: World, paper: ErpDocument) -> None:
    refuses(ClaimTooMuch, world.buyer, paper, "5")
    first = make_claim(world.buyer, paper, "3")
    refuses(ClaimTooMuch, world.buyer, paper, "2")
    second = make_claim(world.buyer, paper, "1")
    refuses(ClaimTooMuch, world.buyer, paper, "1")

    claim_withdraw(actor=actor_of(world.buyer), claim_id=second.pk, at=AT)
    make_claim(world.buyer, paper, "1")
    line = first.lines.get()
    approve(world, first, {line.pk: Decimal(1)}, answer="Остальное цело")
    make_claim(world.buyer, paper, "2")
    refuses(ClaimTooMuch, world.buyer, paper, "1")


def test_rows_of_one_good_are_counted_together(world: World, paper: ErpDocument) -> None:
    good = world.skus[0].pk
    ship(paper.part, "1", document=paper, rows=(row(good, "1", "100"), row(good, "2", "90")))
    make_claim(world.buyer, paper, "1")
    second = paper.lines.get(position=2)

    made = make_claim(world.buyer, paper, "1")

    assert made.lines.get().position == 1  # the goods are alike: the third piece of three is left
    assert second.quantity == 2
    make_claim(world.buyer, paper, "1")
    refuses(ClaimTooMuch, world.buyer, paper, "1")


@pytest.mark.parametrize(
    ("refusal", "quantity", "told"),
    [
        (ClaimEmpty, "0", {}),
        (ClaimRowsChanged, "-1", {}),
        (ClaimRowsChanged, "0.0001", {}),
        (ClaimRowsChanged, "1" * 40, {}),
        (ClaimWordsMissing, "1", {"comment": "", "note": ""}),
        (ClaimFileRefused, "1", {"files": [("фото.jpg", b"<script>")]}),
        (ClaimFileRefused, "1", {"files": [("пусто.jpg", b"")]}),
        (ClaimFileRefused, "1", {"files": [("a.jpg", b"x")] * (MOST_FILES + 1)}),
    ],
)
def test_claim_must_make_sense(
    world: World, paper: ErpDocument, refusal: type[Exception], quantity: str, told: dict[str, Any]
) -> None:
    refuses(refusal, world.buyer, paper, quantity, **told)


def test_strangers_claim_nothing(world: World, paper: ErpDocument) -> None:
    colleague = make_person(world.holding)
    refuses(ErpDocument.DoesNotExist, world.other_buyer, paper)
    refuses(ErpDocument.DoesNotExist, colleague, paper)
    refuses(AccessDenied, world.manager, paper)
    ErpDocument.objects.update(is_deleted=True)
    refuses(ErpDocument.DoesNotExist, world.buyer, paper)


def test_manager_in_the_cabinet_claims_for_the_client(world: World, paper: ErpDocument) -> None:
    actor = actor_of(world.buyer, impersonator=world.manager)

    claim = make_claim(world.buyer, paper, actor=actor)

    assert (claim.created_by, claim.acting_user) == (world.buyer, world.manager)


def test_same_click_is_one_claim(world: World, paper: ErpDocument) -> None:
    key = uuid4()
    first = make_claim(world.buyer, paper, idempotency_key=key)

    assert make_claim(world.buyer, paper, idempotency_key=key) == first
    refuses(IdempotencyConflict, world.head, paper, idempotency_key=key)


@pytest.mark.parametrize(
    "told",
    [
        {"quantity": "1"},
        {"note": "Царапина"},
        {"comment": "Другое"},
        {"kind": ClaimKind.MISGRADE},
        {"wish": ClaimWish.REPLACE},
        {"files": [("ещё.png", picture(size=(61, 80)))]},
    ],
)
def test_same_key_with_other_contents_is_refused(
    world: World, paper: ErpDocument, told: dict[str, Any]
) -> None:
    key, files = uuid4(), [("фото.png", picture())]
    first = make_claim(world.buyer, paper, files=files, idempotency_key=key)

    refuses(IdempotencyConflict, world.buyer, paper, **({"quantity": "2", "idempotency_key": key} | told))

    assert make_claim(world.buyer, paper, files=files, idempotency_key=key) == first


@pytest.mark.parametrize(
    ("gross", "shares"),
    [
        ("10.00", ["3.33", "3.33", "3.34"]),
        ("0.05", ["0.02", "0.02", "0.01"]),
        ("0.01", ["0.00", "0.00", "0.01"]),
        ("0.02", ["0.01", "0.01", "0.00"]),
    ],
)
def test_shares_of_a_row_come_to_the_row(
    world: World, paper: ErpDocument, gross: str, shares: list[str]
) -> None:
    ship(paper.part, "3", document=paper)
    paper.lines.update(gross=Decimal(gross))

    made = [make_claim(world.buyer, paper, "1").lines.get().gross for _number in range(3)]

    assert made == [Decimal(one) for one in shares]


def test_share_of_what_was_given_back_goes_to_the_next_one(world: World, paper: ErpDocument) -> None:
    """Of two thirds one was approved, of another claim nothing: two are free again."""
    ship(paper.part, "3", document=paper)
    paper.lines.update(gross=Decimal("10.00"))
    cut, rejected = make_claim(world.buyer, paper, "2"), make_claim(world.buyer, paper, "1")
    approve(world, cut, {cut.lines.get().pk: Decimal(1)}, answer="Одна цела")
    claim_reject(actor=actor_of(world.manager), claim_id=rejected.pk, answer="Цела", at=AT)

    last = make_claim(world.buyer, paper, "2").lines.get()

    line = cut.lines.get()
    assert (approved_gross(line), last.gross) == (Decimal("3.34"), Decimal("6.66"))


def test_files_are_kept_once_and_only_while_the_claim_is_open(world: World, paper: ErpDocument) -> None:
    claim = make_claim(world.buyer, paper, files=[("фото.png", picture())])
    more = [("снова.png", picture()), ("ещё.png", picture(size=(61, 80)))]

    add_files(world, claim, more)

    assert list(claim.files.order_by("pk").values_list("name", flat=True)) == ["фото.png", "ещё.png"]
    approve(world, claim)
    with pytest.raises(WrongState):
        add_files(world, claim, [("поздно.png", picture(size=(5, 5)))])
    with pytest.raises(Claim.DoesNotExist):
        add_files(world, claim, more, person=world.other_buyer)
    assert ClaimFile.objects.count() == 2


def add_files(world: World, claim: Claim, files: list[tuple[str, bytes]], person: User | None = None) -> None:
    actor = actor_of(person or world.buyer)
    claim_files_add(
        actor=actor, claim_id=claim.pk, files=[(name, BytesIO(one)) for name, one in files], at=AT
    )


# --- the answer ---------------------------------------------------------------------------------------
def test_manager_takes_and_approves_in_part(world: World, claim: Claim) -> None:
    claim_take(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)
    line = claim.lines.get()

    approve(world, claim, {line.pk: Decimal(1)}, reasons={line.pk: "Одна цела"})

    line.refresh_from_db()
    assert (again(claim).state, line.approved, line.reason) == ("approved_partly", 1, "Одна цела")
    assert steps(claim) == ["submitted", "in_work", "approved_partly"]


def test_answer_must_make_sense(world: World, claim: Claim) -> None:
    line = claim.lines.get()
    for refusal, told in (
        (ReasonMissing, {"approved": {line.pk: Decimal(1)}}),
        (NothingApproved, {"approved": {line.pk: Decimal(0)}, "answer": "Нет"}),
        (DecisionWrong, {"approved": {line.pk: Decimal(3)}}),
        (DecisionWrong, {"approved": {line.pk: Decimal(-1)}}),
        (DecisionWrong, {"approved": {0: Decimal(1)}}),
    ):
        with pytest.raises(refusal), transaction.atomic():
            approve(world, claim, **told)  # type: ignore[arg-type]
    with pytest.raises(ReasonMissing), transaction.atomic():
        claim_reject(actor=actor_of(world.manager), claim_id=claim.pk, answer="  ", at=AT)
    assert (again(claim).state, claim.lines.get().approved) == ("submitted", None)


def test_only_the_clients_manager_answers(world: World, claim: Claim) -> None:
    other = make_manager()
    for person, refusal in (
        (world.buyer, AccessDenied),
        (world.head, AccessDenied),
        (other, Claim.DoesNotExist),
    ):
        with pytest.raises(refusal), transaction.atomic():
            claim_take(actor=actor_of(person), claim_id=claim.pk, at=AT)
        with pytest.raises(refusal), transaction.atomic():
            claim_reject(actor=actor_of(person), claim_id=claim.pk, answer="Нет", at=AT)
        with pytest.raises(refusal), transaction.atomic():
            claim_credit_make(actor=actor_of(person), claim_id=claim.pk, at=AT)
    inside = actor_of(world.buyer, impersonator=world.manager)
    with pytest.raises(AccessDenied):
        claim_take(actor=inside, claim_id=claim.pk, at=AT)
    assert steps(claim) == ["submitted"]


def test_answer_is_given_once(world: World, claim: Claim) -> None:
    approve(world, claim)

    with pytest.raises(WrongState), transaction.atomic():
        approve(world, claim)
    with pytest.raises(WrongState), transaction.atomic():
        claim_reject(actor=actor_of(world.manager), claim_id=claim.pk, answer="Нет", at=AT)
    with pytest.raises(WrongState), transaction.atomic():
        claim_withdraw(actor=actor_of(world.buyer), claim_id=claim.pk, at=AT)
    assert (again(claim).state, steps(claim)) == ("approved", ["submitted", "approved"])


def test_author_and_those_who_send_orders_take_back(world: World, paper: ErpDocument) -> None:
    receiver = make_person(world.holding, ReadyRole.RECEIVER)
    claim = make_claim(world.buyer, paper, "1")
    with pytest.raises(Claim.DoesNotExist):
        claim_withdraw(actor=actor_of(receiver), claim_id=claim.pk, at=AT)
    assert again(claim).state == "submitted"

    claim_withdraw(actor=actor_of(world.head), claim_id=claim.pk, at=AT)
    claim_withdraw(actor=actor_of(world.head), claim_id=claim.pk, at=AT)

    assert (again(claim).state, steps(claim)) == ("withdrawn", ["submitted", "withdrawn"])


def test_replaced_goods_end_a_claim_by_an_order_or_a_word(world: World, paper: ErpDocument) -> None:
    money = approve(world, make_claim(world.buyer, paper, "1"))
    goods = approve(world, make_claim(world.buyer, paper, "1", wish=ClaimWish.REPLACE))
    actor = actor_of(world.manager)

    with pytest.raises(NotByGoods), transaction.atomic():
        claim_complete(actor=actor, claim_id=money.pk, note="Заменили", at=AT)
    with pytest.raises(ReasonMissing), transaction.atomic():
        claim_complete(actor=actor, claim_id=goods.pk, note="", at=AT)
    with pytest.raises(Order.DoesNotExist), transaction.atomic():
        claim_complete(actor=actor, claim_id=goods.pk, note="", order_number="B9999999", at=AT)
    claim_complete(
        actor=actor, claim_id=goods.pk, note="", order_number=paper.part.order.number.lower(), at=AT
    )

    assert (again(money).state, again(goods).state) == ("approved", "completed")
    assert again(goods).follow_up == paper.part.order


# --- money --------------------------------------------------------------------------------------------
def settle(paper: ErpDocument) -> None:
    """What the events of a paper set off."""
    paper_post(document_id=paper.pk, at=AT)
    claim_credit_follow(document_id=paper.pk, at=AT)


def balance() -> Decimal:
    return sum((one.debit - one.credit for one in LedgerEntry.objects.all()), Decimal(0))


def test_return_of_1c_credits_the_claim(world: World, paper: ErpDocument, claim: Claim) -> None:
    settle(paper)
    approve(world, claim)

    back = returned(paper)
    settle(back)
    settle(back)

    claim = again(claim)
    assert (claim.state, claim.credit_sum, claim.credit_paper) == ("credited", 200, back)
    assert claim.credit_reference == f"erp_document:{back.pk}"
    assert balance() == 200
    assert steps(claim) == ["submitted", "approved", "credited"]


def test_return_that_came_before_the_answer_is_found(world: World, paper: ErpDocument, claim: Claim) -> None:
    settle(returned(paper))
    assert again(claim).state == "submitted"

    approve(world, claim)
    claim_credit_match(claim_id=claim.pk, at=AT)

    assert again(claim).state == "credited"


@pytest.mark.parametrize(
    "facts", [{"quantity": "1"}, {"date": TODAY - timedelta(days=9)}, {"is_deleted": True}]
)
def test_other_returns_credit_nothing(
    world: World, paper: ErpDocument, claim: Claim, facts: dict[str, Any]
) -> None:
    approve(world, claim)
    back = returned(paper, **({"quantity": "2"} | facts))

    settle(back)

    assert again(claim).state == "approved"


def test_return_of_the_claims_number_credits_it_whatever_its_goods(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    approve(world, claim)

    settle(returned(paper, "1", number=claim.number))

    assert (again(claim).state, again(claim).credit_sum) == ("credited", 100)


def test_return_that_1c_takes_back_opens_the_money_again(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    approve(world, claim)
    back = returned(paper)
    settle(back)

    ship(paper.part, "2", document=back, kind="return", number="ВУТ-1", is_deleted=True)
    settle(back)

    assert (again(claim).state, again(claim).credit_sum, balance()) == ("approved", None, 0)
    assert steps(claim)[-2:] == ["credited", "approved"]


def test_changed_sum_of_a_return_is_the_claims(world: World, paper: ErpDocument, claim: Claim) -> None:
    approve(world, claim)
    back = returned(paper)
    settle(back)

    ship(paper.part, "1", document=back, kind="return", number="ВУТ-1")
    settle(back)

    assert (again(claim).state, again(claim).credit_sum, balance()) == ("credited", 100, -100)


def test_portal_credits_and_1cs_own_return_is_the_same_money(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    settle(paper)
    approve(world, claim)
    actor = actor_of(world.manager)

    claim_credit_make(actor=actor, claim_id=claim.pk, at=AT)
    claim_credit_make(actor=actor, claim_id=claim.pk, at=AT)
    own = again(claim).credit_paper
    assert own is not None
    settle(own)
    assert (again(claim).is_credited_here, own.number, balance()) == (True, claim.number, 200)

    theirs = returned(paper)
    settle(theirs)

    assert (theirs, theirs.number) == (own, "ВУТ-1")
    assert (again(claim).is_credited_here, again(claim).state, balance()) == (False, "credited", 200)
    second = returned(paper, number="ВУТ-2")
    assert second != own


def test_portal_makes_no_second_return(world: World, paper: ErpDocument, claim: Claim) -> None:
    back = returned(paper)
    approve(world, claim)

    with pytest.raises(ReturnThere), transaction.atomic():
        claim_credit_make(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)

    assert list(ErpDocument.objects.filter(kind="return")) == [back]
    assert again(claim).state == "approved"


def test_return_that_was_chosen_takes_the_place_of_the_portals(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    settle(paper)
    approve(world, claim)
    actor = actor_of(world.manager)
    claim_credit_make(actor=actor, claim_id=claim.pk, at=AT)
    own = again(claim).credit_paper
    assert own is not None
    settle(own)
    theirs = returned(paper, "1")
    settle(theirs)
    assert balance() == 100

    claim_credit_choose(actor=actor, claim_id=claim.pk, paper_id=theirs.pk, at=AT)
    claim_credit_choose(actor=actor, claim_id=claim.pk, paper_id=theirs.pk, at=AT)
    settle(own)
    settle(theirs)

    assert (again(claim).credit_paper, again(claim).credit_sum, balance()) == (theirs, 100, 300)
    own.refresh_from_db()
    assert own.is_deleted


def test_return_credits_one_claim(world: World, paper: ErpDocument) -> None:
    first, second = (approve(world, make_claim(world.buyer, paper, "2")) for _number in range(2))
    back = returned(paper)
    settle(back)

    with pytest.raises(ReturnNotFit), transaction.atomic():
        claim_credit_choose(actor=actor_of(world.manager), claim_id=second.pk, paper_id=back.pk, at=AT)

    assert (again(first).state, again(second).state) == ("credited", "approved")


def test_paper_that_answers_credits_and_the_portals_return_gives_way(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    approve(world, claim)
    claim_credit_make(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)
    own = again(claim).credit_paper
    assert own is not None
    told: dict[str, Any] = {"claim_id": claim.pk, "reference": "received:7", "title": "Возврат 7", "at": AT}

    for _repeat in range(2):
        claim_credit_received(**told, total=Decimal(200), is_deleted=False)
    settle(own)

    assert (again(claim).credit_reference, again(claim).credit_sum, balance()) == ("received:7", 200, 0)
    claim_credit_received(**told, total=Decimal(200), is_deleted=True)
    assert (again(claim).state, again(claim).credit_reference) == ("approved", "")


# --- the return beside a paper ------------------------------------------------------------------------
def by_paper(claim: Claim, *, is_deleted: bool = False) -> None:
    """1C answers the claim by a paper of its own, or takes that back."""
    claim_credit_received(
        claim_id=claim.pk,
        reference=f"received:{claim.pk}",
        title="Возврат 7",
        total=Decimal(200),
        is_deleted=is_deleted,
        at=AT,
    )


def test_return_of_a_claim_that_a_paper_has_credited_is_no_others(world: World, paper: ErpDocument) -> None:
    first, second = (approve(world, make_claim(world.buyer, paper, "2")) for _number in range(2))
    by_paper(second)

    back = returned(paper)
    settle(back)
    settle(back)

    paid, waits = again(second), again(first)
    assert (paid.credit_paper, paid.credit_reference) == (back, f"received:{second.pk}")
    assert (waits.state, waits.credit_paper) == ("approved", None)
    claim_credit_match(claim_id=first.pk, at=AT)
    with pytest.raises(ReturnNotFit), transaction.atomic():
        claim_credit_choose(actor=actor_of(world.manager), claim_id=first.pk, paper_id=back.pk, at=AT)
    assert (again(first).state, steps(second)) == ("approved", ["submitted", "approved", *["credited"] * 2])


def test_return_that_names_its_claim_is_not_that_of_a_paid_one(world: World, paper: ErpDocument) -> None:
    paid, named = (approve(world, make_claim(world.buyer, paper, "2")) for _number in range(2))
    by_paper(paid)

    back = returned(paper, number=named.number)
    settle(back)

    assert (again(paid).credit_paper, again(named).credit_paper) == (None, back)


def test_return_that_came_before_the_paper_is_kept_with_it(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    back = returned(paper)
    settle(back)
    approve(world, claim)

    by_paper(claim)

    assert (again(claim).credit_paper, again(claim).credit_reference) == (back, f"received:{claim.pk}")


def test_return_beside_a_paper_moves_no_money_of_the_claim(
    world: World, paper: ErpDocument, claim: Claim
) -> None:
    approve(world, claim)
    by_paper(claim)
    back = returned(paper)
    settle(back)

    ship(paper.part, "2", document=back, kind="return", number="ВУТ-1", is_deleted=True)
    settle(back)
    settle(back)

    left = again(claim)
    assert (left.state, left.credit_sum, left.credit_paper) == ("credited", 200, None)
    assert left.steps.latest("pk").comment == f"{back} отменён"


def test_return_credits_once_its_paper_is_taken_back(world: World, paper: ErpDocument, claim: Claim) -> None:
    approve(world, claim)
    by_paper(claim)
    back = returned(paper)
    settle(back)

    by_paper(claim, is_deleted=True)
    claim_credit_match(claim_id=claim.pk, at=AT)  # what the event of the move sets off

    assert (again(claim).state, again(claim).credit_reference) == ("credited", f"erp_document:{back.pk}")


# --- what is left ---------------------------------------------------------------------------------------
def test_no_more_is_credited_than_is_left(world: World, paper: ErpDocument, claim: Claim) -> None:
    approve(world, claim)
    returned(paper, "1", number="ВУТ-1")
    assert is_left(claim)
    returned(paper, "2", number="ВУТ-2", date=TODAY - timedelta(days=9))  # of something else

    with pytest.raises(NotLeftToReturn), transaction.atomic():
        claim_credit_make(actor=actor_of(world.manager), claim_id=claim.pk, at=AT)

    assert not is_left(claim)
    assert (again(claim).state, ErpDocument.objects.filter(kind="return").count()) == ("approved", 2)


def test_what_a_paper_has_credited_is_not_left(world: World, paper: ErpDocument) -> None:
    first, second = (approve(world, make_claim(world.buyer, paper, "2")) for _number in range(2))
    ship(paper.part, "3", document=paper)
    assert is_left(second)

    by_paper(first)

    assert not is_left(second)
    settle(returned(paper))  # its return is counted instead
    assert not is_left(second)
    ship(paper.part, "4", document=paper)
    assert is_left(second)


def test_deleted_papers_are_not_counted(world: World, paper: ErpDocument, claim: Claim) -> None:
    approve(world, claim)
    back = returned(paper, "4")
    assert not is_left(claim)

    ship(paper.part, "4", document=back, kind="return", number="ВУТ-1", is_deleted=True)
    assert is_left(claim)
    ship(paper.part, "4", document=paper, is_deleted=True)
    assert not is_left(claim)


def test_no_more_is_approved_than_is_left(world: World, paper: ErpDocument, claim: Claim) -> None:
    line = claim.lines.get()
    ship(paper.part, "1", document=paper)

    with pytest.raises(NotLeftToReturn), transaction.atomic():
        approve(world, claim)
    line.refresh_from_db()
    assert (again(claim).state, line.approved, steps(claim)) == ("submitted", None, ["submitted"])

    approve(world, claim, {line.pk: Decimal(1)}, answer="Осталась одна")
    assert again(claim).state == "approved_partly"


def test_claims_own_return_does_not_stand_in_the_way_of_the_answer(world: World, paper: ErpDocument) -> None:
    """1C takes all of the goods back before the manager has answered."""
    claim = make_claim(world.buyer, paper, "4")
    settle(returned(paper, "4"))

    approve(world, claim)
    claim_credit_match(claim_id=claim.pk, at=AT)

    assert again(claim).state == "credited"


# --- telling ------------------------------------------------------------------------------------------
def test_manager_and_client_are_told(world: World, claim: Claim) -> None:
    assert claim_filed_tell(claim_id=claim.pk, at=AT) == 1
    assert claim_filed_tell(claim_id=claim.pk, at=AT) == 0
    approve(world, claim)

    told = claim_moved_tell(step_id=claim.steps.latest("pk").pk, at=AT)

    mine = Notice.objects.get(user=world.buyer, kind="claim_moved")
    assert told >= 1
    assert mine.title == f"Рекламация {claim.number}: одобрена"
    assert Notice.objects.get(kind="claim_filed").user == world.manager
    assert not Notice.objects.filter(user=world.other_buyer).exists()
