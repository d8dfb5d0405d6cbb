"""What a membership's rights are made of, read in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from accounts.permissions import Permission, Scope, Stage
from counterparties.models import (
    GrantState,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Membership,
    RolePermission,
    StageGrant,
)

_ANNOTATIONS = ("role_cells", "assigned_ids", "holding_entity_ids", "stage_cells")


@dataclass(frozen=True, slots=True)
class Rights:
    """The role's cells, the person's legal entities, all those of the holding, and for each stage above
    the first those that the person is trusted with."""

    role: Mapping[Permission, Scope]
    mine: frozenset[int]
    whole: frozenset[int]
    trusted: dict[Stage, frozenset[int]]


def stages_valid(on: date) -> QuerySet[StageGrant]:
    """Stages that are granted on the date (Moscow date, inclusive)."""
    return _granted(on).prefetch_related(Prefetch("legal_entities", queryset=LegalEntity.objects.only("pk")))


def with_rights(memberships: QuerySet[Membership], *, on: date) -> QuerySet[Any]:
    """Read with each membership what `rights_of` asks for."""
    cells = RolePermission.objects.filter(role=OuterRef("role_id"))
    assigned = LegalEntityUserObjectPermission.objects.filter(user=OuterRef("user_id"))
    whole = LegalEntity.objects.in_use().filter(holding=OuterRef("holding_id"))
    chosen = StageGrant.legal_entities.through.objects.filter(stagegrant=OuterRef("pk"))
    stages = _granted(on).filter(membership=OuterRef("pk"))
    return memberships.annotate(
        role_cells=ArraySubquery(cells.values(cell=JSONObject(permission="permission", scope="scope"))),
        assigned_ids=ArraySubquery(assigned.values("content_object_id")),
        holding_entity_ids=ArraySubquery(whole.values("pk")),
        stage_cells=ArraySubquery(
            stages.values(
                cell=JSONObject(
                    stage="stage",
                    is_whole="is_whole_holding",
                    entity_ids=ArraySubquery(chosen.values("legalentity_id")),
                )
            )
        ),
    )


def rights_of(membership: Membership, *, on: date) -> Rights:
    """What the membership gives on the date; one query, none if it was read `with_rights`."""
    read = vars(membership)
    if not all(name in read for name in _ANNOTATIONS):
        read = vars(with_rights(Membership.objects.filter(pk=membership.pk), on=on).get())
    whole = frozenset(read["holding_entity_ids"])
    mine = whole if membership.is_whole_holding else whole & frozenset(read["assigned_ids"])
    return Rights(
        role={Permission(cell["permission"]): Scope(cell["scope"]) for cell in read["role_cells"]},
        mine=mine,
        whole=whole,
        trusted=_trusted(read["stage_cells"], whole),
    )


def _granted(on: date) -> QuerySet[StageGrant]:
    return StageGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), state=GrantState.GRANTED
    )


def _trusted(grants: Iterable[Mapping[str, Any]], whole: frozenset[int]) -> dict[Stage, frozenset[int]]:
    """For each stage the legal entities it is granted for; a stage includes those below it."""
    trusted: dict[Stage, frozenset[int]] = {}
    for grant in grants:
        chosen = whole if grant["is_whole"] else whole & frozenset(grant["entity_ids"])
        for stage in Stage:
            if Stage.ORDERS < stage <= grant["stage"]:
                trusted[stage] = trusted.get(stage, frozenset()) | chosen
    return trusted
