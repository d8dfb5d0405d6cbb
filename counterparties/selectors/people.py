"""A client's people as those who manage them see them, and each one's ladder of rights."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.permissions import STAGE_OF, Permission, Stage
from counterparties.actor import Actor
from counterparties.models import (
    GrantState,
    Invitation,
    InvitationState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    StageGrant,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY
from counterparties.selectors.actors import memberships_valid
from counterparties.selectors.giving import managed_entity_ids

_LOG_LENGTH = 200


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One colleague in the list; `has_second_factor` is None where the portal has no second factor."""

    membership: Membership
    legal_entities: tuple[LegalEntity, ...]
    stage: Stage
    has_second_factor: bool | None
    is_working: bool
    is_oneself: bool

    @property
    def is_closed(self) -> bool:
        return not self.is_working


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One stage of a person: what is granted now, and what waits for an answer."""

    stage: Stage
    opens: tuple[Permission, ...]
    grants: tuple[StageGrant, ...]
    request: StageGrant | None
    is_open: bool


def person_rows(*, actor: Actor, on: date) -> list[PersonRow]:
    """Colleagues whose legal entities the actor manages, working ones first; six queries at most."""
    actor.require(Permission.PEOPLE_MANAGE)
    members = list(
        Membership.objects.visible_to(actor)
        .select_related("user", "role")
        .order_by("-is_active", "user__full_name", "pk")
    )
    assigned = _assigned(members)
    managed = managed_entity_ids(actor)
    entities = list(LegalEntity.objects.in_use().filter(holding_id=_holding(actor)).order_by("name", "pk"))
    stages = _stages_open([member.pk for member in members], on=on)
    protected = _second_factor_ids([member.user_id for member in members])
    valid = set(memberships_valid(on).visible_to(actor).values_list("pk", flat=True))
    rows = []
    for member in members:
        theirs = managed if member.is_whole_holding else assigned.get(member.user_id, frozenset()) & managed
        if not theirs and len(managed) < len(entities):
            continue
        rows.append(
            PersonRow(
                membership=member,
                legal_entities=tuple(one for one in entities if one.pk in theirs),
                stage=stages.get(member.pk, Stage.ORDERS),
                has_second_factor=None if protected is None else member.user_id in protected,
                is_working=member.pk in valid and member.user.is_active,
                is_oneself=member.pk == actor.membership_id,
            )
        )
    return rows


def managed_entities(actor: Actor) -> QuerySet[LegalEntity]:
    """Legal entities that the actor may give rights for, by name."""
    managed = LegalEntity.objects.in_use().filter(
        holding_id=_holding(actor), pk__in=managed_entity_ids(actor)
    )
    return managed.order_by("name", "pk")


def colleague(*, actor: Actor, membership_id: int) -> Membership:
    """One person of the actor's holding. Raises AccessDenied, Membership.DoesNotExist."""
    actor.require(Permission.PEOPLE_MANAGE)
    colleagues = Membership.objects.visible_to(actor)
    return colleagues.select_related("user", "role", "holding").get(pk=membership_id)


def assigned_entity_ids(membership: Membership) -> frozenset[int]:
    """Legal entities named for a person one by one; empty for those who have the whole holding."""
    return _assigned([membership]).get(membership.user_id, frozenset())


def ladder(membership: Membership, *, on: date) -> list[LadderStep]:
    """All four stages of a person from the first on; two queries."""
    rows = list(
        StageGrant.objects.filter(membership=membership, state__in=[GrantState.REQUESTED, GrantState.GRANTED])
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))
        .select_related("decided_by")
        .prefetch_related("legal_entities")
        .order_by("pk")
    )
    granted = [row for row in rows if row.state == GrantState.GRANTED]
    return [
        LadderStep(
            stage=stage,
            opens=tuple(name for name, at in STAGE_OF.items() if at == stage),
            grants=tuple(row for row in granted if row.stage == stage),
            request=next(
                (row for row in rows if row.state == GrantState.REQUESTED and row.stage == stage), None
            ),
            is_open=stage == Stage.ORDERS or any(row.stage >= stage for row in granted),
        )
        for stage in Stage
    ]


def stage_requests(actor: Actor) -> QuerySet[StageGrant]:
    """Requests of the holding's working people that wait for an answer, oldest first."""
    return (
        StageGrant.objects.visible_to(actor)
        .filter(membership__is_active=True, state=GrantState.REQUESTED)
        .select_related("membership__user", "membership__role")
        .order_by("requested_at", "pk")
    )


def invitations_waiting(actor: Actor) -> QuerySet[Invitation]:
    """Invitations without an answer, newest first; the link of some may have run out."""
    return (
        Invitation.objects.visible_to(actor)
        .filter(state=InvitationState.PENDING)
        .select_related("role", "invited_by")
        .prefetch_related("legal_entities")
        .order_by("-invited_at", "-pk")
    )


def rights_log(actor: Actor) -> QuerySet[StageGrant]:
    """Every stage that was asked for, given, declined or taken in the holding; newest first."""
    return (
        StageGrant.objects.visible_to(actor)
        .select_related("membership__user", "decided_by")
        .prefetch_related("legal_entities")
        .order_by("-requested_at", "-pk")[:_LOG_LENGTH]
    )


def memberships_of(user_id: int, *, on: date) -> QuerySet[Membership]:
    """Holdings that a person may work in today, by name."""
    return (
        memberships_valid(on)
        .filter(user_id=user_id)
        .select_related("holding", "role")
        .order_by("holding__name", "pk")
    )


def people_managers(holding_id: int, *, on: date) -> list[Membership]:
    """Those who decide on requests of the holding's people: the fourth stage is open to them."""
    return list(
        memberships_valid(on)
        .filter(
            Q(stages__valid_until__isnull=True) | Q(stages__valid_until__gte=on),
            holding_id=holding_id,
            user__is_active=True,
            stages__state=GrantState.GRANTED,
            stages__stage=Stage.AUTHORITY,
        )
        .select_related("user")
        .distinct()
        .order_by("pk")
    )


def _holding(actor: Actor) -> int:
    return actor.holding_id or 0  # no holding has the number 0


def _assigned(members: Iterable[Membership]) -> dict[int, frozenset[int]]:
    people = list(members)
    rows = LegalEntityUserObjectPermission.objects.filter(
        user__in=[one.user_id for one in people],
        permission__codename=ACT_FOR_LEGAL_ENTITY,
        content_object__holding__in=[one.holding_id for one in people],
    ).values_list("user_id", "content_object_id")
    found: dict[int, set[int]] = {}
    for user_id, entity_id in rows:
        found.setdefault(user_id, set()).add(entity_id)
    return {user_id: frozenset(ids) for user_id, ids in found.items()}


def _stages_open(membership_ids: Collection[int], *, on: date) -> dict[int, Stage]:
    rows = StageGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on),
        membership__in=membership_ids,
        state=GrantState.GRANTED,
    ).values_list("membership_id", "stage")
    highest: dict[int, Stage] = {}
    for membership_id, stage in rows:
        highest[membership_id] = max(Stage(stage), highest.get(membership_id, Stage.ORDERS))
    return highest


def _second_factor_ids(user_ids: Collection[int]) -> set[int] | None:
    """People with an authenticator app or a passkey; None where that part is not installed."""
    if not apps.is_installed("allauth.mfa"):
        return None
    model: Any = apps.get_model("mfa", "Authenticator")
    rows = model._default_manager.filter(user__in=user_ids, type__in=["totp", "webauthn"])
    return set(rows.values_list("user_id", flat=True))
