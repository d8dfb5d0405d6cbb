"""What a membership's rights are made of, read in one query."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from accounts.permissions import Permission, Scope, Stage
from counterparties.models import (
    GrantState,
    Holding,
    LegalEntity,
    Membership,
    Role,
    StageGrant,
)
from portal.lib.columns import Columns

_ANNOTATIONS = ("role_cells", "assigned_ids", "holding_entity_ids", "stage_cells")

MEMBERSHIP = Columns(Membership, "membership", first=len(_ANNOTATIONS))
ROLE = Columns(Role, "role", first=MEMBERSHIP.end)
HOLDING = Columns(Holding, "holding", first=ROLE.end)

_RIGHTS = f"""
SELECT ARRAY(SELECT ARRAY[cell.permission, cell.scope] FROM counterparties_rolepermission cell
              WHERE cell.role_id = role.id),
       ARRAY(SELECT assigned.content_object_id FROM counterparties_legalentityuserobjectpermission assigned
              WHERE assigned.user_id = membership.user_id),
       ARRAY(SELECT entity.id FROM counterparties_legalentity entity
              WHERE entity.merged_into_id IS NULL AND entity.holding_id = holding.id),
       (SELECT json_agg(json_build_array(given.stage, given.is_whole_holding, ARRAY(
                   SELECT chosen.legalentity_id FROM counterparties_stagegrant_legal_entities chosen
                    WHERE chosen.stagegrant_id = given.id)))
          FROM counterparties_stagegrant given
         WHERE (given.valid_until IS NULL OR given.valid_until >= %s) AND given.state = %s
           AND given.membership_id = membership.id),
       {MEMBERSHIP.sql}, {ROLE.sql}, {HOLDING.sql}
  FROM counterparties_membership membership
  JOIN counterparties_role role ON role.id = membership.role_id
  JOIN counterparties_holding holding ON holding.id = membership.holding_id
 WHERE {{condition}}
 ORDER BY membership.id
"""  # noqa: S608 - own words only


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


def memberships_with_rights(condition: str, params: Sequence[Any], *, on: date) -> list[Membership]:
    """Memberships with role, holding and what `rights_of` asks for, the first one first; one query.

    `condition` is SQL over `membership`, `role` and `holding`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS.format(condition=condition), [on, GrantState.GRANTED, *params])
        return [_membership(row) for row in cursor.fetchall()]


def _membership(row: Sequence[Any]) -> Membership:
    membership = MEMBERSHIP.read(row)
    membership.role, membership.holding = ROLE.read(row), HOLDING.read(row)
    vars(membership).update(zip(_ANNOTATIONS, row, strict=False))
    return membership


def rights_of(membership: Membership, *, on: date) -> Rights:
    """What the membership gives on the date; one query, none if it was read with them."""
    read = vars(membership)
    if not all(name in read for name in _ANNOTATIONS):
        read = vars(memberships_with_rights("membership.id = %s", [membership.pk], on=on)[0])
    whole = frozenset(read["holding_entity_ids"])
    mine = whole if membership.is_whole_holding else whole & frozenset(read["assigned_ids"])
    return Rights(
        role={Permission(permission): Scope(scope) for permission, scope in read["role_cells"]},
        mine=mine,
        whole=whole,
        trusted=_trusted(read["stage_cells"] or (), whole),
    )


def _granted(on: date) -> QuerySet[StageGrant]:
    return StageGrant.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), state=GrantState.GRANTED
    )


def _trusted(
    grants: Iterable[tuple[int, bool, list[int]]], whole: frozenset[int]
) -> dict[Stage, frozenset[int]]:
    """For each stage the legal entities it is granted for; a stage includes those below it."""
    trusted: dict[Stage, frozenset[int]] = {}
    for granted, is_whole, entity_ids in grants:
        chosen = whole if is_whole else whole & frozenset(entity_ids)
        for stage in Stage:
            if Stage.ORDERS < stage <= granted:
                trusted[stage] = trusted.get(stage, frozenset()) | chosen
    return trusted
