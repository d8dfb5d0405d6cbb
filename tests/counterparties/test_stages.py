"""Stages of rights: asked for, given, declined, taken away, run out."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from accounts.permissions import Permission, Stage
from counterparties.actor import AccessDenied
from counterparties.handlers import expire_stages
from counterparties.models import GrantState, LegalEntity, Membership, StageGrant
from counterparties.permissions import ReadyRole
from counterparties.rights_refusals import (
    AboveOwnRights,
    AlreadyDecided,
    NoLegalEntities,
    OwnRights,
    RightsRefused,
    StageHeld,
    TooLong,
)
from counterparties.selectors import actor_for
from counterparties.selectors.people import ladder
from counterparties.services.rights_letters import stage_decision_mail, stage_request_mail
from counterparties.services.stages import (
    stage_approve,
    stage_decline,
    stage_grant,
    stage_request,
    stage_revoke,
    stages_expire,
)
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from portal.outbox.publishing import Period, PeriodStart, enqueue_period
from tests.factories import AT, TODAY, World, actor_of, make_legal_entity, make_person

UNTIL = date(2026, 12, 31)


def ask(person: User, stage: Stage = Stage.FINANCE) -> StageGrant:
    return stage_request(actor=actor_of(person), stage=stage, reason="Сверка за квартал", at=AT)


def approve(world: World, grant: StageGrant, by: User | None = None, **changes: Any) -> StageGrant:
    arguments = {"legal_entity_ids": [world.entity.pk], "valid_until": UNTIL, "at": AT} | changes
    return stage_approve(actor=actor_of(by or world.head), grant_id=grant.pk, **arguments)


def state(grant: StageGrant) -> str:
    return StageGrant.objects.get(pk=grant.pk).state


def member_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def finance(user: User, on: date = TODAY) -> frozenset[int]:
    """Legal entities whose money the person sees."""
    grant = actor_for(user, on=on).grants.get(Permission.FINANCE_VIEW)
    return grant.legal_entity_ids if grant else frozenset()


# --- asking --------------------------------------------------------------------------------------
def test_request_waits_and_gives_nothing(world: World) -> None:
    grant = ask(world.buyer)

    assert (grant.state, grant.reason) == (GrantState.REQUESTED, "Сверка за квартал")
    assert finance(world.buyer) == frozenset()
    assert Job.objects.get().payload == {"grant_id": grant.pk}


def test_second_request_is_the_first_one(world: World) -> None:
    assert ask(world.buyer) == ask(world.buyer)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("stage", [Stage.ORDERS, Stage.DOCUMENTS])
def test_open_stage_is_not_asked_for(world: World, stage: Stage) -> None:
    with pytest.raises(StageHeld):
        ask(world.buyer, stage)

    assert StageGrant.objects.filter(state=GrantState.REQUESTED).count() == 0


def test_stage_open_for_one_firm_may_be_asked_for_the_others(world: World) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")
    person = make_person(world.holding, legal_entities=[world.entity], stage=Stage.DOCUMENTS)

    assert ask(person, Stage.DOCUMENTS).state == GrantState.REQUESTED


def test_request_is_made_in_ones_own_name(world: World) -> None:
    inside = replace(actor_of(world.buyer), impersonator_id=world.manager.pk)

    for actor in (inside, replace(actor_of(world.buyer), is_read_only=True), actor_of(world.manager)):
        with pytest.raises(AccessDenied):
            stage_request(actor=actor, stage=Stage.FINANCE, reason="", at=AT)

    assert StageGrant.objects.filter(state=GrantState.REQUESTED).count() == 0


def test_request_letter_goes_to_those_who_manage_people(world: World) -> None:
    make_person(world.holding, ReadyRole.ACCOUNTANT)
    make_person(world.other_holding, ReadyRole.HEAD)

    sent = stage_request_mail(grant_id=ask(world.buyer).pk, at=AT, key="k")

    assert sent == 1
    assert mail.outbox[0].to == [world.head.email]
    assert "Сверка за квартал" in mail.outbox[0].body


# --- deciding ------------------------------------------------------------------------------------
def test_approved_stage_works_for_the_named_firms_only(world: World) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")

    grant = approve(world, ask(world.buyer))

    actor = actor_of(world.buyer)
    assert finance(world.buyer) == {world.entity.pk}
    assert actor.can(Permission.DOCUMENT_VIEW)
    assert not actor.can(Permission.PEOPLE_MANAGE)
    assert (grant.decided_by_id, grant.decided_at, grant.valid_until) == (world.head.pk, AT, UNTIL)


def test_stage_ends_with_its_last_day(world: World) -> None:
    approve(world, ask(world.buyer))

    assert finance(world.buyer, UNTIL) == {world.entity.pk}
    assert finance(world.buyer, UNTIL + timedelta(days=1)) == frozenset()


def test_declined_request_tells_why(world: World) -> None:
    grant = ask(world.buyer)

    stage_decline(actor=actor_of(world.head), grant_id=grant.pk, answer="Не нужно", at=AT)
    sent = stage_decision_mail(grant_id=grant.pk, state=GrantState.DECLINED, key="k")

    assert (state(grant), finance(world.buyer), sent) == (GrantState.DECLINED, frozenset(), 1)
    assert (mail.outbox[0].to, "Не нужно" in mail.outbox[0].body) == ([world.buyer.email], True)


def test_request_is_decided_once(world: World) -> None:
    grant = approve(world, ask(world.buyer))

    with pytest.raises(AlreadyDecided):
        approve(world, grant, legal_entity_ids=None, valid_until=None)
    with pytest.raises(AlreadyDecided):
        stage_decline(actor=actor_of(world.head), grant_id=grant.pk, answer="", at=AT)

    assert StageGrant.objects.get(pk=grant.pk).valid_until == UNTIL


def test_revoked_stage_is_closed_at_once(world: World) -> None:
    grant = approve(world, ask(world.buyer))

    stage_revoke(actor=actor_of(world.head), grant_id=grant.pk, answer="", at=AT)

    assert (state(grant), finance(world.buyer)) == (GrantState.REVOKED, frozenset())
    with pytest.raises(AlreadyDecided):
        stage_revoke(actor=actor_of(world.head), grant_id=grant.pk, answer="", at=AT)


def test_stage_given_without_asking_settles_the_request(world: World) -> None:
    grant = ask(world.buyer)

    given = stage_grant(
        actor=actor_of(world.head),
        membership_id=member_of(world.buyer).pk,
        stage=Stage.FINANCE,
        legal_entity_ids=None,
        valid_until=None,
        at=AT,
    )

    assert given == grant
    assert finance(world.buyer) == {world.entity.pk}


# --- nobody gives above himself ------------------------------------------------------------------
def test_nobody_decides_for_himself(world: World) -> None:
    keeper = make_person(world.holding, ReadyRole.HEAD)
    StageGrant.objects.filter(membership__user=keeper).update(stage=Stage.AUTHORITY, is_whole_holding=False)
    make_legal_entity(world.holding, name="ООО «Север-2»")
    StageGrant.objects.get(membership__user=keeper).legal_entities.set([world.entity])
    grant = ask(keeper, Stage.AUTHORITY)

    with pytest.raises(OwnRights):
        approve(world, grant, by=keeper)

    assert state(grant) == GrantState.REQUESTED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"legal_entity_ids": []}, NoLegalEntities),
        ({"legal_entity_ids": "foreign"}, AboveOwnRights),
        ({"valid_until": TODAY - timedelta(days=1)}, RightsRefused),
    ],
)
def test_approval_beyond_the_holding_is_refused(
    world: World, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    grant = ask(world.buyer)
    if changes.get("legal_entity_ids") == "foreign":
        changes = {"legal_entity_ids": [world.other_entity.pk]}

    with pytest.raises(refusal):
        approve(world, grant, **changes)

    assert (state(grant), finance(world.buyer)) == (GrantState.REQUESTED, frozenset())


def test_head_of_one_firm_trusts_nobody_with_another(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    lesser = make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity])
    person = make_person(world.holding, ReadyRole.VIEWER, legal_entities=[world.entity])
    grant = ask(person)

    for beyond in (None, [second.pk], [world.entity.pk, second.pk]):
        with pytest.raises(AboveOwnRights):
            approve(world, grant, by=lesser, legal_entity_ids=beyond)
    approve(world, grant, by=lesser, legal_entity_ids=[world.entity.pk])

    assert finance(person) == {world.entity.pk}


def test_stage_does_not_outlast_that_of_its_giver(world: World) -> None:
    StageGrant.objects.filter(membership__user=world.head).update(valid_until=UNTIL)
    grant = ask(world.buyer)

    for until in (None, UNTIL + timedelta(days=1)):
        with pytest.raises(TooLong):
            approve(world, grant, valid_until=until)

    assert state(grant) == GrantState.REQUESTED


def test_foreign_request_is_not_found(world: World) -> None:
    grant = ask(world.buyer)
    stranger = make_person(world.other_holding, ReadyRole.HEAD)

    with pytest.raises(StageGrant.DoesNotExist):
        approve(world, grant, by=stranger)
    with pytest.raises(StageGrant.DoesNotExist):
        stage_decline(actor=actor_of(stranger), grant_id=grant.pk, answer="", at=AT)
    with pytest.raises(AccessDenied):
        approve(world, grant, by=world.manager)

    assert state(grant) == GrantState.REQUESTED


def test_closed_person_is_trusted_with_nothing(world: World) -> None:
    grant = ask(world.buyer)
    Membership.objects.filter(user=world.buyer).update(is_active=False)

    with pytest.raises(RightsRefused, match="сначала откройте"):
        approve(world, grant)

    assert state(grant) == GrantState.REQUESTED


# --- running out ---------------------------------------------------------------------------------
def test_expiry_is_noted_after_the_last_day(world: World) -> None:
    grant = approve(world, ask(world.buyer))
    last_minute = datetime(2026, 12, 31, 23, 59, tzinfo=MOSCOW)
    midnight = datetime(2027, 1, 1, tzinfo=MOSCOW)

    counts = [stages_expire(at=moment) for moment in (last_minute, midnight, midnight)]

    assert counts == [0, 1, 0]
    assert state(grant) == GrantState.EXPIRED


@pytest.mark.django_db
def test_expiry_is_one_job_a_day() -> None:
    name = f"{expire_stages.__module__}.{expire_stages.__qualname__}"

    ids = {
        enqueue_period(handler=name, period=Period.DAY, at=AT + timedelta(hours=hours)) for hours in range(5)
    }

    assert len(ids) == 1
    expire_stages(PeriodStart(start=AT))


def test_ladder_shows_what_is_open_and_what_waits(world: World) -> None:
    grant = ask(world.buyer)

    steps = ladder(member_of(world.buyer), on=TODAY)

    assert [step.is_open for step in steps] == [True, True, False, False]
    assert [step.request for step in steps] == [None, None, grant, None]


def test_new_firm_of_the_holding_is_reached_by_whole_stages_only(world: World) -> None:
    approve(world, ask(world.buyer))

    second = make_legal_entity(world.holding, name="ООО «Север-2»")

    assert finance(world.buyer) == {world.entity.pk}
    assert finance(world.head) == set(
        LegalEntity.objects.filter(pk__in=[world.entity.pk, second.pk]).values_list("pk", flat=True)
    )
