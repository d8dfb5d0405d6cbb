"""One invitation or one request of rights that many settle at the same moment."""

from functools import partial

import pytest

from accounts.models import User
from accounts.permissions import Stage
from counterparties.models import GrantState, Membership, StageGrant
from counterparties.permissions import ReadyRole
from counterparties.rights_refusals import AccountExists, AlreadyDecided, InvitationDead
from counterparties.services.invitations import (
    Rights,
    invitation_accept,
    invitation_join,
    invitation_send,
    invitation_token,
)
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_approve, stage_decline, stage_request
from portal.outbox.models import Job
from tests.factories import AT, World, actor_of, make_person, make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

CLICKS = 8
EMAIL = "anna@dealer.example"


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def link(world: World, email: str) -> str:
    rights = Rights(ready_role(ReadyRole.ACCOUNTANT).pk, None, None, Stage.FINANCE, None)
    return invitation_token(invitation_send(actor=actor_of(world.head), email=email, rights=rights, at=AT))


def test_one_link_pressed_many_times_makes_one_person(world: World) -> None:
    token = link(world, EMAIL)
    accept = partial(invitation_accept, token=token, full_name="Анна", password="пароль-2026-длинный", at=AT)

    outcomes = crowd([accept] * CLICKS)

    person = User.objects.get(email=EMAIL)
    refusals = [one for one in outcomes if not isinstance(one, Membership)]
    assert len(refusals) == CLICKS - 1
    assert {type(one) for one in refusals} <= {InvitationDead, AccountExists}
    assert (
        Membership.objects.filter(user=person).count(),
        StageGrant.objects.filter(membership__user=person).count(),
    ) == (1, 1)


def test_one_link_joined_many_times_makes_one_membership(world: World) -> None:
    token = link(world, world.other_buyer.email)

    outcomes = crowd([partial(invitation_join, token=token, user=world.other_buyer, at=AT)] * CLICKS)

    refusals = [type(one) for one in outcomes if not isinstance(one, Membership)]
    assert refusals == [InvitationDead] * (CLICKS - 1)
    assert Membership.objects.filter(user=world.other_buyer, holding=world.holding).count() == 1


def test_one_request_decided_by_many_is_decided_once(world: World) -> None:
    grant = stage_request(actor=actor_of(world.buyer), stage=Stage.FINANCE, reason="Сверка", at=AT)
    heads = [world.head, *(make_person(world.holding, ReadyRole.HEAD) for _number in range(3))]
    acts = [
        partial(
            stage_approve,
            actor=actor_of(head),
            grant_id=grant.pk,
            legal_entity_ids=None,
            valid_until=None,
            at=AT,
        )
        for head in heads
    ] + [
        partial(stage_decline, actor=actor_of(head), grant_id=grant.pk, answer="Нет", at=AT) for head in heads
    ]

    outcomes = crowd(acts)

    decided = [one for one in outcomes if isinstance(one, StageGrant)]
    refusals = [type(one) for one in outcomes if not isinstance(one, StageGrant)]
    row = StageGrant.objects.get(pk=grant.pk)
    assert refusals == [AlreadyDecided] * (len(acts) - 1)
    assert (row.state, row.decided_by_id) == (decided[0].state, decided[0].decided_by_id)
    assert Job.objects.filter(handler="counterparties.handlers.send_stage_decision").count() == 1


def test_many_requests_of_one_person_are_one(world: World) -> None:
    ask = partial(stage_request, actor=actor_of(world.buyer), stage=Stage.FINANCE, reason="Сверка", at=AT)

    outcomes = crowd([ask] * CLICKS)

    assert len({one.pk for one in outcomes if isinstance(one, StageGrant)}) == 1
    assert [one for one in outcomes if not isinstance(one, StageGrant)] == []
    assert StageGrant.objects.filter(state=GrantState.REQUESTED).count() == 1
