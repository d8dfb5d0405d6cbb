"""A version of a contract on its way: who may move it, where it may go, what it writes when accepted."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.actor import AccessDenied
from counterparties.models import Contract, ContractKind, ContractState, ContractTerms
from counterparties.selectors.contract_terms import terms_on
from documents.contract_refusals import (
    AnotherActive,
    ContractKnown,
    ContractOver,
    DayAhead,
    ParentMissing,
    ReasonMissing,
    SignaturesMissing,
    TextMissing,
    VersionOpen,
    WrongDates,
    WrongVersionState,
)
from documents.models import ContractFile, ContractStep, ContractVersion, EdoMessage, ReceivedDocument
from documents.services.contract_accepting import Rivals, Signatures, contract_accept
from documents.services.contract_files import FileRefused, contract_file_add, contract_scans_upload
from documents.services.contract_notices import contract_step_tell
from documents.services.contract_versions import (
    ContractFacts,
    VersionFacts,
    contract_draft,
    contract_version_create,
    contract_version_propose,
    contract_version_return,
    contract_version_rework,
    contract_version_send,
    contract_version_take,
    contract_version_withdraw,
)
from documents.states import VERSION_STEPS, ContractFileRole, EdoStatus, ReceivedKind, VersionState
from tests.documents.contracts.samples import accept, pdf, picture, upload, version_begin, version_sent
from tests.documents.received_papers import make_received
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity, make_person


def state_of(version: ContractVersion) -> str:
    return ContractVersion.objects.get(pk=version.pk).state


def returned(world: World, version: ContractVersion, reason: str = "Нет подписи на листе 3") -> None:
    contract_version_return(actor=actor_of(world.manager), version_id=version.pk, reason=reason, at=AT)


def drafted(world: World, **facts: Any) -> ContractVersion:
    told: dict[str, Any] = {
        "organization_id": world.organization.pk,
        "legal_entity_id": world.entity.pk,
        "kind": ContractKind.SUPPLY,
        "number": "П-7",
        "date": TODAY,
    } | facts
    brings = told.pop("version", VersionFacts())
    return contract_draft(actor=actor_of(world.manager), facts=ContractFacts(**told), version=brings, at=AT)


# --- the whole way -------------------------------------------------------------------------------------


def test_renewal_is_returned_once_and_accepted(world: World) -> None:
    version = version_sent(
        world, valid_until=date(2027, 12, 31), deferral_days=21, valid_from=date(2026, 12, 1)
    )
    upload(world, version)
    contract_version_take(actor=actor_of(world.manager), version_id=version.pk, at=AT)
    returned(world, version)
    upload(world, version, pdf(2), picture())

    accept(world, version)

    version.refresh_from_db()
    world.contract.refresh_from_db()
    assert (version.state, version.active_at) == (VersionState.ACTIVE, AT)
    assert (world.contract.state, world.contract.valid_until) == (ContractState.ACTIVE, date(2027, 12, 31))
    [terms] = ContractTerms.objects.all()
    assert (terms.contract, terms.valid_from, terms.addendum) == (world.contract, date(2026, 12, 1), None)
    assert (terms.deferral_days, terms.prepayment_percent) == (21, None)
    files = [
        (one.role, one.round, one.position, one.pdf is None) for one in ContractFile.objects.order_by("pk")
    ]
    assert files == [
        ("draft", 1, 1, True),
        ("client_scan", 1, 1, True),
        ("client_scan", 2, 1, True),
        ("client_scan", 2, 2, False),
        ("both_signed", 2, 1, True),
        ("both_signed", 2, 2, False),
    ]
    steps = ContractStep.objects.order_by("pk").values_list("target", "user", "comment")
    assert list(steps) == [
        ("sent", world.manager.pk, ""),
        ("uploaded", world.head.pk, ""),
        ("on_review", world.manager.pk, ""),
        ("rejected", world.manager.pk, "Нет подписи на листе 3"),
        ("uploaded", world.head.pk, ""),
        ("active", world.manager.pk, ""),
    ]


def test_end_alone_is_noted_among_the_terms(world: World) -> None:
    version = version_sent(world, valid_until=date(2027, 12, 31), summary="Продлен на год")
    upload(world, version)

    accept(world, version)

    terms = ContractTerms.objects.get()
    assert (terms.deferral_days, terms.prepayment_percent, terms.comment) == (None, None, "Продлен на год")
    assert terms.valid_from == TODAY


def test_terms_of_a_renewal_do_not_reach_back(world: World) -> None:
    """Without a day of their own they hold from now on, and what was agreed meanwhile gives way to them."""
    agreed = TODAY - timedelta(days=100)
    ContractTerms.objects.create(contract=world.contract, valid_from=agreed, deferral_days=45)
    version = version_sent(world, deferral_days=30)
    upload(world, version)

    accept(world, version)

    days = [world.contract.date, agreed, TODAY - timedelta(days=1), TODAY]
    usual = world.contract.deferral_days
    assert [terms_on(world.contract, day).deferral_days for day in days] == [usual, 45, 45, 30]


def test_next_version_supersedes_the_active_one(world: World) -> None:
    first = version_sent(world)
    upload(world, first)
    accept(world, first)
    second = version_sent(world)
    upload(world, second, pdf(3))

    accept(world, second)

    assert (state_of(first), state_of(second)) == (VersionState.SUPERSEDED, VersionState.ACTIVE)
    assert (second.number, first.number) == (2, 1)


def test_new_contract_begins_when_it_is_accepted(world: World) -> None:
    version = drafted(world, kind=ContractKind.NDA)
    assert version.contract.state == ContractState.DRAFT

    accept_original(world, version)

    assert Contract.objects.get(pk=version.contract_id).state == ContractState.ACTIVE


def accept_original(world: World, version: ContractVersion, rivals: Rivals = Rivals.NONE) -> None:
    actor = actor_of(world.manager)
    contract_file_add(
        actor=actor, version_id=version.pk, role=ContractFileRole.DRAFT,
        name="a.pdf", content=BytesIO(pdf()), at=AT,
    )  # fmt: skip
    contract_version_send(actor=actor, version_id=version.pk, at=AT)
    contract_accept(
        actor=actor,
        version_id=version.pk,
        signatures=Signatures(original_received_on=TODAY),
        rivals=rivals,
        at=AT,
    )


def test_addendum_writes_into_its_contract(world: World) -> None:
    version = drafted(
        world,
        kind=ContractKind.ADDENDUM,
        parent_id=world.contract.pk,
        number="1",
        version=VersionFacts(
            valid_until=date(2028, 1, 1), prepayment_percent=Decimal(50), valid_from=date(2027, 1, 1)
        ),
    )

    accept_original(world, version)

    world.contract.refresh_from_db()
    assert world.contract.valid_until == date(2028, 1, 1)
    terms = ContractTerms.objects.get()
    assert (terms.contract, terms.addendum, terms.valid_from) == (
        world.contract, version.contract, date(2027, 1, 1),
    )  # fmt: skip
    assert (terms.deferral_days, terms.prepayment_percent) == (None, Decimal(50))


# --- the table of states -------------------------------------------------------------------------------

Move = Callable[[World, ContractVersion], object]


def _moved(service: Callable[..., object], **words: str) -> Move:
    def move(world: World, version: ContractVersion) -> object:
        return service(actor=actor_of(world.manager), version_id=version.pk, at=AT, **words)

    return move


MOVES: dict[VersionState, Move] = {
    VersionState.DRAFT: _moved(contract_version_rework),
    VersionState.ON_APPROVAL: _moved(contract_version_propose),
    VersionState.SENT: _moved(contract_version_send),
    VersionState.UPLOADED: lambda world, version: upload(world, version, pdf(4)),
    VersionState.ON_REVIEW: _moved(contract_version_take),
    VersionState.REJECTED: _moved(contract_version_return, reason="Нет печати"),
    VersionState.ACTIVE: _moved(
        contract_accept,
        signatures=Signatures(original_received_on=TODAY),
        rivals=Rivals.NONE,  # type: ignore[arg-type]
    ),
    VersionState.WITHDRAWN: _moved(contract_version_withdraw, reason=""),
}


@pytest.mark.parametrize("source", list(VersionState))
def test_version_goes_only_where_the_table_lets_it(world: World, source: VersionState) -> None:
    version = version_begin(world)
    for target, move in MOVES.items():
        ContractVersion.objects.filter(pk=version.pk).update(state=source)
        steps = ContractStep.objects.count()
        if target in VERSION_STEPS.get(source, frozenset()):
            move(world, version)
            assert state_of(version) == target
            assert ContractStep.objects.count() == steps + 1
            continue
        invisible = target == VersionState.UPLOADED and source in {
            VersionState.DRAFT,
            VersionState.ON_APPROVAL,
        }
        with pytest.raises(ContractVersion.DoesNotExist if invisible else WrongVersionState):
            move(world, version)
        assert (state_of(version), ContractStep.objects.count()) == (source, steps)


# --- refusals ------------------------------------------------------------------------------------------


def test_version_without_a_text_is_not_sent(world: World) -> None:
    version = contract_version_create(
        actor=actor_of(world.manager), contract_id=world.contract.pk, facts=VersionFacts(), at=AT
    )

    with pytest.raises(TextMissing):
        contract_version_send(actor=actor_of(world.manager), version_id=version.pk, at=AT)

    assert state_of(version) == VersionState.DRAFT


def test_scans_are_returned_with_a_reason_only(world: World) -> None:
    version = version_sent(world)
    upload(world, version)

    with pytest.raises(ReasonMissing):
        returned(world, version, "  ")

    assert state_of(version) == VersionState.UPLOADED


@pytest.mark.parametrize(
    ("signatures", "refusal"),
    [
        (Signatures(), SignaturesMissing),
        (Signatures(original_received_on=TODAY + timedelta(days=1)), DayAhead),
        (Signatures(scan_has_both=True), SignaturesMissing),  # no scan has come
    ],
)
def test_version_without_both_signatures_is_not_accepted(
    world: World, signatures: Signatures, refusal: type[Exception]
) -> None:
    version = version_sent(world, valid_until=date(2030, 1, 1))

    with pytest.raises(refusal):
        contract_accept(
            actor=actor_of(world.manager), version_id=version.pk, signatures=signatures,
            rivals=Rivals.NONE, at=AT,
        )  # fmt: skip

    world.contract.refresh_from_db()
    assert (state_of(version), world.contract.valid_until) == (VersionState.SENT, None)


def test_signature_at_the_operator_counts_for_one_version(world: World) -> None:
    received = make_received(world.entity, kind=ReceivedKind.CONTRACT)
    ReceivedDocument.objects.update(contract=world.contract)
    message = EdoMessage.objects.create(
        received=received, operator="Диадок", status=EdoStatus.SIGNED, status_at=AT, created_at=AT
    )
    first = version_sent(world)
    contract_accept(
        actor=actor_of(world.manager),
        version_id=first.pk,
        signatures=Signatures(),
        rivals=Rivals.NONE,
        at=AT + timedelta(hours=1),
    )

    second = version_sent(world)
    accepting: dict[str, Any] = {
        "actor": actor_of(world.manager),
        "version_id": second.pk,
        "signatures": Signatures(),
        "rivals": Rivals.NONE,
        "at": AT + timedelta(days=2),
    }
    with pytest.raises(SignaturesMissing):
        contract_accept(**accepting)
    assert (state_of(first), state_of(second)) == (VersionState.ACTIVE, VersionState.SENT)

    EdoMessage.objects.filter(pk=message.pk).update(status_at=AT + timedelta(days=1))
    contract_accept(**accepting)
    assert (state_of(first), state_of(second)) == (VersionState.SUPERSEDED, VersionState.ACTIVE)


def test_one_version_is_on_its_way_at_a_time(world: World) -> None:
    version_sent(world)

    with pytest.raises(VersionOpen):
        version_begin(world)

    assert ContractVersion.objects.count() == 1


def test_version_of_a_closed_contract_is_not_begun(world: World) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(state=ContractState.CLOSED)

    with pytest.raises(ContractOver):
        version_begin(world)


def test_second_main_contract_needs_a_word(world: World) -> None:
    version = drafted(world)

    with pytest.raises(AnotherActive, match="заменяет"):
        accept_original(world, version)

    assert state_of(version) == VersionState.SENT


@pytest.mark.parametrize(
    ("rivals", "state", "is_default"),
    [(Rivals.REPLACED, ContractState.SUPERSEDED, False), (Rivals.BESIDE, ContractState.ACTIVE, True)],
)
def test_second_main_contract_replaces_or_stands_beside(
    world: World, rivals: Rivals, state: str, is_default: bool
) -> None:
    version = drafted(world)

    accept_original(world, version, rivals)

    world.contract.refresh_from_db()
    new = Contract.objects.get(pk=version.contract_id)
    assert (world.contract.state, world.contract.is_default) == (state, is_default)
    assert (new.state, new.is_default) == (ContractState.ACTIVE, not is_default)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"kind": ContractKind.ADDENDUM}, ParentMissing),
        ({"version": VersionFacts(valid_until=date(2020, 1, 1))}, WrongDates),
    ],
)
def test_contract_that_does_not_fit_is_not_drafted(
    world: World, facts: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        drafted(world, **facts)

    assert not ContractVersion.objects.exists()


def test_contract_of_a_known_number_is_not_drafted(world: World) -> None:
    with pytest.raises(ContractKnown):
        drafted(world, number=world.contract.number, date=world.contract.date)


def test_parent_of_another_client_is_not_found(world: World) -> None:
    with pytest.raises(Contract.DoesNotExist):
        drafted(world, kind=ContractKind.ADDENDUM, parent_id=world.other_contract.pk)


# --- scans ---------------------------------------------------------------------------------------------


def test_same_scans_twice_are_one_round(world: World) -> None:
    version = version_sent(world)

    upload(world, version, pdf(2))
    upload(world, version, pdf(2))

    assert ContractFile.objects.filter(role=ContractFileRole.CLIENT_SCAN).count() == 1
    assert ContractStep.objects.filter(target=VersionState.UPLOADED).count() == 1


def test_one_bad_file_of_three_leaves_all_out(world: World) -> None:
    version = version_sent(world)

    with pytest.raises(FileRefused, match="это не PDF"):
        upload(world, version, pdf(), b"MZ" + bytes(100), picture())

    assert not ContractFile.objects.filter(role=ContractFileRole.CLIENT_SCAN).exists()
    assert state_of(version) == VersionState.SENT


def test_text_is_not_changed_after_sending(world: World) -> None:
    version = version_sent(world)

    with pytest.raises(WrongVersionState):
        contract_file_add(
            actor=actor_of(world.manager), version_id=version.pk, role=ContractFileRole.DRAFT,
            name="Другой.pdf", content=BytesIO(pdf(2)), at=AT,
        )  # fmt: skip

    assert ContractFile.objects.count() == 1


# --- whose it is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "refusal"),
    [
        ("buyer", AccessDenied),
        ("other_head", ContractVersion.DoesNotExist),
        ("manager", AccessDenied),
        ("administrator", AccessDenied),
    ],
)
def test_scans_come_from_the_clients_signer_only(
    world: World, persona: str, refusal: type[Exception]
) -> None:
    version = version_sent(world)
    person = make_person(world.other_holding, "head") if persona == "other_head" else getattr(world, persona)

    with pytest.raises(refusal):
        contract_scans_upload(
            actor=actor_of(person), version_id=version.pk, files=[("a.pdf", BytesIO(pdf()))], at=AT
        )

    assert state_of(version) == VersionState.SENT


@pytest.mark.parametrize(
    ("persona", "refusal"),
    [("head", AccessDenied), ("buyer", AccessDenied), ("other_manager", ContractVersion.DoesNotExist)],
)
def test_only_the_clients_manager_accepts(world: World, persona: str, refusal: type[Exception]) -> None:
    version = version_sent(world)
    upload(world, version)

    with pytest.raises(refusal):
        contract_accept(
            actor=actor_of(getattr(world, persona)),
            version_id=version.pk,
            signatures=Signatures(scan_has_both=True),
            rivals=Rivals.NONE,
            at=AT,
        )

    assert state_of(version) == VersionState.UPLOADED


def test_signer_of_another_legal_entity_does_not_find_it(world: World) -> None:
    entity = make_legal_entity(world.holding)
    version = version_sent(world, make_contract(entity, is_default=False))
    person = make_person(world.holding, "head", legal_entities=[world.entity])

    with pytest.raises(ContractVersion.DoesNotExist):
        contract_scans_upload(
            actor=actor_of(person), version_id=version.pk, files=[("a.pdf", BytesIO(pdf()))], at=AT
        )


# --- who hears of it -----------------------------------------------------------------------------------


def test_signers_and_managers_are_told(world: World) -> None:
    version = version_sent(world)
    upload(world, version)
    returned(world, version)

    for step in ContractStep.objects.order_by("pk"):
        contract_step_tell(step_id=step.pk, at=AT)
        contract_step_tell(step_id=step.pk, at=AT)

    told = Notice.objects.order_by("pk").values_list("user", "kind", "address")
    page = f"/documents/contracts/{world.contract.pk}/"
    assert list(told) == [
        (world.head.pk, NoticeKind.CONTRACT, page),
        (world.manager.pk, NoticeKind.CONTRACT_WAITS, page),
        (world.head.pk, NoticeKind.CONTRACT, page),
    ]
    assert Notice.objects.latest("pk").text == "ООО «Север». Причина: Нет подписи на листе 3."
