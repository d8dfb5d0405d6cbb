"""Which people a thing concerns: those whose permission reaches its legal entity."""

from collections.abc import Collection
from datetime import date

from accounts.permissions import Permission
from counterparties.models import LegalEntity
from counterparties.selectors.actors import actor_of_membership
from counterparties.selectors.rights import memberships_with_rights

# The condition is that of `memberships_valid`.
_OF_HOLDINGS = """
holding.id = ANY(%s) AND membership.is_active AND holding.is_active
AND (membership.valid_until IS NULL OR membership.valid_until >= %s)
"""


def people_reaching(
    *,
    permission: Permission,
    legal_entity_ids: Collection[int],
    on: date,
    author_ids: Collection[int | None] = (),
) -> dict[int, tuple[int, ...]]:
    """For each legal entity the people of its client whose permission reaches it on the date, by user id.

    Whoever may see only his own is among them where he is one of the authors. Three queries.
    """
    entities = LegalEntity.objects.filter(pk__in=legal_entity_ids)
    heirs = {pk: heir_id or pk for pk, heir_id in entities.values_list("pk", "merged_into_id")}
    holdings = LegalEntity.objects.filter(pk__in=heirs.values()).values_list("holding_id", flat=True)
    found: dict[int, set[int]] = {pk: set() for pk in heirs}
    for membership in memberships_with_rights(_OF_HOLDINGS, [list(set(holdings)), on], on=on):
        actor = actor_of_membership(membership, on=on)
        grant = actor.grants.get(permission)
        if grant is None or (actor.is_own_only(permission) and membership.user_id not in author_ids):
            continue
        for pk, heir_id in heirs.items():
            if heir_id in grant.legal_entity_ids:
                found[pk].add(membership.user_id)
    return {pk: tuple(sorted(people)) for pk, people in found.items()}
