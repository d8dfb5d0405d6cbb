"""Calling people into a holding by e-mail."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from accounts.models import User
from accounts.permissions import Permission, Scope, Stage
from counterparties.actor import AccessDenied, Actor
from counterparties.models import GrantState, Invitation, Membership, Role, RolePermission, StageGrant
from counterparties.permissions import ReadyRole
from counterparties.rights_refusals import (
    AboveOwnRights,
    AccountExists,
    AlreadyDecided,
    AlreadyInvited,
    AlreadyMember,
    InThePast,
    InvitationDead,
    NoLegalEntities,
    RightsRefused,
    TooLong,
    WrongPerson,
)
from counterparties.services import invitations
from counterparties.services.invitations import (
    Rights,
    invitation_accept,
    invitation_by_token,
    invitation_join,
    invitation_resend,
    invitation_revoke,
    invitation_send,
    invitation_token,
)
from counterparties.services.rights_letters import invitation_mail
from counterparties.services.roles import ready_role
from portal.outbox.models import Job
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_legal_entity,
    make_person,
    make_user,
    make_world,
)

EMAIL = "anna@dealer.example"
PASSWORD = "длинный-пароль-2026"


def rights(**changes: Any) -> Rights:
    """An accountant of the whole holding, trusted with its money."""
    usual = Rights(
        role_id=ready_role(ReadyRole.ACCOUNTANT).pk,
        legal_entity_ids=None,
        valid_until=None,
        stage=Stage.FINANCE,
        stage_until=None,
    )
    return replace(usual, **changes)


def send(world: World, actor: Actor | None = None, email: str = EMAIL, **changes: Any) -> Invitation:
    return invitation_send(actor=actor or actor_of(world.head), email=email, rights=rights(**changes), at=AT)


def accept(token: str, **changes: Any) -> Membership:
    arguments = {"full_name": "Анна Счетова", "password": PASSWORD, "at": AT} | changes
    return invitation_accept(token=token, **arguments)


# --- sending -------------------------------------------------------------------------------------
def test_invitation_keeps_only_a_hash_of_its_link(world: World) -> None:
    invitation = send(world, email=" Anna@Dealer.example ")

    token = invitation_token(invitation)
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    job = Job.objects.get(handler="counterparties.handlers.send_invitation")
    assert row["email"] == EMAIL
    assert row["token_hash"] == invitations.token_hash(token)
    assert [value for value in row.values() if token in str(value)] == []
    assert job.payload == {"invitation_id": invitation.pk, "serial": 1}


def test_invitation_letter_brings_the_link(world: World) -> None:
    invitation = send(world)

    sent = invitation_mail(invitation_id=invitation.pk, serial=1, key="k1")

    assert sent == 1
    assert mail.outbox[0].to == [EMAIL]
    assert f"/invitation/{invitation_token(invitation)}/" in mail.outbox[0].body
    assert "26.11.2026 10:41" in mail.outbox[0].body


def test_invitation_letter_of_an_older_link_is_not_sent(world: World) -> None:
    invitation = send(world)
    invitation_resend(actor=actor_of(world.head), invitation_id=invitation.pk, at=AT)

    sent = invitation_mail(invitation_id=invitation.pk, serial=1, key="k1")

    assert (sent, mail.outbox) == (0, [])


@pytest.mark.parametrize("person", ["buyer", "manager", "administrator"])
def test_invitation_needs_the_right_to_manage_people(world: World, person: str) -> None:
    with pytest.raises(AccessDenied):
        send(world, actor_of(getattr(world, person)))

    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("change", [{"is_read_only": True}, {"impersonator_id": 1}])
def test_invitation_is_sent_in_ones_own_name_only(world: World, change: dict[str, Any]) -> None:
    with pytest.raises(AccessDenied):
        send(world, replace(actor_of(world.head), **change))

    assert Invitation.objects.count() == 0


def test_head_of_one_firm_gives_rights_for_this_firm_only(world: World) -> None:
    second = make_legal_entity(world.holding, name="ООО «Север-2»")
    actor = actor_of(make_person(world.holding, ReadyRole.HEAD, legal_entities=[world.entity]))

    send(world, actor, legal_entity_ids=[world.entity.pk])
    for beyond in (None, [second.pk], [world.entity.pk, second.pk], [world.other_entity.pk]):
        with pytest.raises(AboveOwnRights):
            send(world, actor, "second@dealer.example", legal_entity_ids=beyond)

    assert [one.email for one in Invitation.objects.all()] == [EMAIL]


def test_head_cannot_give_what_he_lacks(world: World) -> None:
    role = Role.objects.create(holding=world.holding, name="Кадры")
    RolePermission.objects.create(role=role, permission=Permission.ORDER_VIEW, scope=Scope.OWN)
    keeper = make_person(world.holding, ReadyRole.HEAD)
    Membership.objects.filter(user=keeper).update(role=role)
    actor = actor_of(keeper)

    send(world, actor, role_id=role.pk)
    for above in (ReadyRole.BUYER, ReadyRole.RECEIVER, ReadyRole.HEAD):
        with pytest.raises(AboveOwnRights):
            send(world, actor, "second@dealer.example", role_id=ready_role(above).pk)

    assert Invitation.objects.count() == 1


def test_role_of_another_holding_is_not_found(world: World) -> None:
    foreign = Role.objects.create(holding=world.other_holding, name="Чужая")

    with pytest.raises(Role.DoesNotExist):
        send(world, role_id=foreign.pk)

    assert Invitation.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"legal_entity_ids": []}, NoLegalEntities),
        ({"valid_until": TODAY - timedelta(days=1)}, InThePast),
        ({"stage_until": TODAY - timedelta(days=1)}, InThePast),
    ],
)
def test_invitation_without_meaning_is_refused(
    world: World, change: dict[str, Any], refusal: type[RightsRefused]
) -> None:
    with pytest.raises(refusal):
        send(world, **change)

    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("until", [None, date(2027, 1, 1)])
def test_given_stage_does_not_outlast_the_givers_own(world: World, until: date | None) -> None:
    StageGrant.objects.filter(membership__user=world.head).update(valid_until=date(2026, 12, 31))

    with pytest.raises(TooLong, match=r"31\.12\.2026"):
        send(world, stage_until=until)
    send(world, stage_until=date(2026, 12, 31))

    assert Invitation.objects.count() == 1


def test_colleague_or_invited_person_is_not_invited_again(world: World) -> None:
    send(world)

    with pytest.raises(AlreadyInvited):
        send(world)
    with pytest.raises(AlreadyMember):
        send(world, email=world.buyer.email)

    assert Invitation.objects.count() == 1


# --- the link ------------------------------------------------------------------------------------
def test_link_lives_seventy_two_hours(world: World) -> None:
    token = invitation_token(send(world))

    assert invitation_by_token(token, at=AT + timedelta(hours=72, seconds=-1)).email == EMAIL
    with pytest.raises(InvitationDead):
        invitation_by_token(token, at=AT + timedelta(hours=72))


def test_new_link_kills_the_old_one(world: World) -> None:
    invitation = send(world)
    old = invitation_token(invitation)
    later = AT + timedelta(hours=80)

    again = invitation_resend(actor=actor_of(world.head), invitation_id=invitation.pk, at=later)

    assert invitation_by_token(invitation_token(again), at=later + timedelta(hours=71)).pk == again.pk
    with pytest.raises(InvitationDead):
        invitation_by_token(old, at=AT)


def test_revoked_link_is_dead(world: World) -> None:
    invitation = send(world)

    invitation_revoke(actor=actor_of(world.head), invitation_id=invitation.pk, at=AT)

    with pytest.raises(InvitationDead):
        accept(invitation_token(invitation))
    with pytest.raises(AlreadyDecided):
        invitation_resend(actor=actor_of(world.head), invitation_id=invitation.pk, at=AT)
    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.parametrize("token", ["", "1-1", "abc", "1-1.подпись", "x" * 500])
def test_wrong_link_is_dead(world: World, token: str) -> None:
    send(world)

    with pytest.raises(InvitationDead):
        invitation_by_token(token, at=AT)


def test_foreign_invitation_is_not_found(world: World) -> None:
    invitation = send(world)
    stranger = actor_of(make_person(world.other_holding, ReadyRole.HEAD))

    with pytest.raises(Invitation.DoesNotExist):
        invitation_resend(actor=stranger, invitation_id=invitation.pk, at=AT)
    with pytest.raises(Invitation.DoesNotExist):
        invitation_revoke(actor=stranger, invitation_id=invitation.pk, at=AT)

    invitation.refresh_from_db()
    assert (invitation.serial, invitation.state) == (1, "pending")


# --- coming --------------------------------------------------------------------------------------
def test_accepted_invitation_gives_what_was_offered(world: World) -> None:
    make_legal_entity(world.holding, name="ООО «Север-2»")
    until = date(2026, 12, 31)
    invitation = send(world, legal_entity_ids=[world.entity.pk], stage_until=until)

    membership = accept(invitation_token(invitation), position="Бухгалтер")

    user = membership.user
    actor = actor_of(user)
    stage = StageGrant.objects.get(membership=membership)
    invitation.refresh_from_db()
    assert (user.email, user.full_name, user.position) == (EMAIL, "Анна Счетова", "Бухгалтер")
    assert user.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=user).verified
    assert actor.legal_entity_ids == {world.entity.pk}
    assert actor.grants[Permission.FINANCE_VIEW].legal_entity_ids == {world.entity.pk}
    assert (stage.state, stage.valid_until, stage.decided_by) == (GrantState.GRANTED, until, world.head)
    assert (invitation.state, invitation.accepted_by) == ("accepted", user)


def test_invitation_is_accepted_once(world: World) -> None:
    token = invitation_token(send(world))
    accept(token)

    with pytest.raises(InvitationDead):
        accept(token)

    assert Membership.objects.filter(user__email=EMAIL).count() == 1


def test_person_with_an_account_joins_after_signing_in(world: World) -> None:
    token = invitation_token(send(world, email=world.other_buyer.email))

    with pytest.raises(AccountExists):
        accept(token)
    invitation_join(token=token, user=world.other_buyer, at=AT)

    holdings = Membership.objects.filter(user=world.other_buyer).order_by("pk")
    assert [one.holding for one in holdings] == [world.other_holding, world.holding]


def test_invitation_of_another_person_cannot_be_used(world: World) -> None:
    token = invitation_token(send(world))
    employee = make_user("Сотрудник", email="staff@seller.example", is_staff=True)
    for_employee = invitation_token(send(world, email=employee.email))

    with pytest.raises(WrongPerson):
        invitation_join(token=token, user=world.other_buyer, at=AT)
    with pytest.raises(WrongPerson):
        invitation_join(token=for_employee, user=employee, at=AT)

    assert Invitation.objects.filter(state="pending").count() == 2


@pytest.mark.parametrize("loss", ["dismissed", "user", "stage", "role"])
def test_invitation_dies_with_the_rights_of_its_giver(world: World, loss: str) -> None:
    token = invitation_token(send(world))
    members = Membership.objects.filter(user=world.head)
    if loss == "dismissed":
        members.update(is_active=False)
    elif loss == "user":
        User.objects.filter(pk=world.head.pk).update(is_active=False)
    elif loss == "stage":
        StageGrant.objects.filter(membership__in=members).update(state=GrantState.REVOKED)
    else:
        members.update(role=ready_role(ReadyRole.VIEWER))
        StageGrant.objects.filter(membership__in=members).update(stage=Stage.DOCUMENTS)

    with pytest.raises(InvitationDead):
        accept(token)

    assert not User.objects.filter(email=EMAIL).exists()


@pytest.mark.django_db(transaction=True)
def test_acceptance_that_fails_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    world = make_world()
    token = invitation_token(send(world))

    def break_down(**_arguments: object) -> None:
        raise RuntimeError("the last write")

    monkeypatch.setattr(invitations, "stage_give", break_down)
    with pytest.raises(RuntimeError):
        accept(token)

    assert not User.objects.filter(email=EMAIL).exists()
    assert not Membership.objects.filter(user__email=EMAIL).exists()
    assert invitation_by_token(token, at=AT).state == "pending"
