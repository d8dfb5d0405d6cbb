"""One legal entity goes into another of the same holding; steps of `merging`, inside its transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from counterparties.merging import Absorption, followers
from counterparties.merging_refusals import RequisitesClash
from counterparties.models import (
    AccessRequest,
    ChangeRequest,
    ChangeState,
    ChangeSubject,
    Contract,
    DeliveryAddress,
    Holding,
    Invitation,
    InvitationState,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityUserObjectPermission,
    StageGrant,
)
from counterparties.requisites import REQUISITES, errors_of, requisites_faults
from counterparties.selectors.merging import contract_twins

_MERGED = "Юрлицо объединено с другим, у которого уже есть запрос"


def entity_absorb(
    source: LegalEntity,
    target: LegalEntity,
    *,
    requisites_from_source: frozenset[str],
    decided_by_id: int,
    at: datetime,
) -> None:
    """Move everything that can move; the source stays as a name for papers and payments.

    Both are locked. Raises RequisitesClash.
    """
    _requisites_take(source, target, requisites_from_source)
    twins = contract_twins(source.pk, target.pk)
    _contracts_move(source, target, twins)
    _places_move(source, target)
    _requests_move(source, target, decided_by_id=decided_by_id, at=at)
    _rights_move(source, target)
    absorption = Absorption(
        source_id=source.pk, target_id=target.pk, source_name=source.name, contracts=twins, at=at
    )
    for follower in followers():
        follower.absorb(absorption)
    Holding.objects.filter(main_entity=source).update(main_entity=target)
    LegalEntity.objects.filter(merged_into=source).update(merged_into=target)
    source.merged_into = target
    source.save(update_fields=["merged_into"])


def _requisites_take(source: LegalEntity, target: LegalEntity, names: frozenset[str]) -> None:
    """Faults that the target had before are not held against it: 1C sent them."""
    chosen = [name for name in REQUISITES if name in names]
    if not chosen:
        return
    before = errors_of(requisites_faults(_values(target)))
    for name in chosen:
        setattr(target, name, getattr(source, name))
    after = errors_of(requisites_faults(_values(target)))
    new = [text for name, text in after.items() if before.get(name) != text]
    if new:
        raise RequisitesClash(new)
    target.save(update_fields=chosen)


def _values(entity: LegalEntity) -> dict[str, str]:
    return {name: str(getattr(entity, name)) for name in REQUISITES}


def _contracts_move(source: LegalEntity, target: LegalEntity, twins: Mapping[int, int]) -> None:
    """A contract that both have stays as it is under the source, for the payments that name it."""
    rows = Contract.objects.filter(legal_entity__in=[source, target])
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
    going = Contract.objects.filter(legal_entity=source).exclude(pk__in=twins)
    if Contract.objects.filter(legal_entity=target, is_default=True).exists():
        going.update(is_default=False)
    going.update(legal_entity=target)


def _places_move(source: LegalEntity, target: LegalEntity) -> None:
    """Accounts and addresses that the target has already stay under the source."""
    accounts = LegalEntityBankAccount.objects.filter(legal_entity=target)
    known = set(accounts.values_list("bic", "account"))
    doubles = [
        one.pk
        for one in LegalEntityBankAccount.objects.filter(legal_entity=source)
        if (one.bic, one.account) in known
    ]
    going = LegalEntityBankAccount.objects.filter(legal_entity=source).exclude(pk__in=doubles)
    _hand_over(going, target, has_default=accounts.filter(is_default=True).exists())
    addresses = DeliveryAddress.objects.filter(legal_entity=target, is_active=True)
    places = set(addresses.values_list("city_id", "address"))
    same = [
        one.pk
        for one in DeliveryAddress.objects.filter(legal_entity=source)
        if (one.city_id, one.address) in places
    ]
    leaving = DeliveryAddress.objects.filter(legal_entity=source).exclude(pk__in=same)
    _hand_over(leaving, target, has_default=addresses.filter(is_default=True).exists())


def _hand_over(rows: QuerySet[Any], target: LegalEntity, *, has_default: bool) -> None:
    if has_default:
        rows.update(is_default=False)
    rows.update(legal_entity=target)


def _requests_move(source: LegalEntity, target: LegalEntity, *, decided_by_id: int, at: datetime) -> None:
    waiting = {"state": ChangeState.WAITING, "subject": ChangeSubject.REQUISITES}
    if ChangeRequest.objects.filter(legal_entity=target, **waiting).exists():
        ChangeRequest.objects.filter(legal_entity=source, **waiting).update(
            state=ChangeState.REPLACED, decided_by_id=decided_by_id, decided_at=at, reason=_MERGED
        )
    ChangeRequest.objects.filter(legal_entity=source).update(legal_entity=target)
    AccessRequest.objects.filter(legal_entity=source).update(legal_entity=target)


def _rights_move(source: LegalEntity, target: LegalEntity) -> None:
    """Whoever was named for the source is named for the target: object permissions, stages, invitations."""
    grants = LegalEntityUserObjectPermission.objects.filter(content_object=source)
    held = LegalEntityUserObjectPermission.objects.filter(content_object=target)
    known = set(held.values_list("user_id", "permission_id"))
    doubles = [one.pk for one in grants if (one.user_id, one.permission_id) in known]
    grants.filter(pk__in=doubles).delete()
    grants.update(content_object=target)
    for stage in StageGrant.objects.filter(legal_entities=source):
        stage.legal_entities.add(target)
    for invitation in Invitation.objects.filter(legal_entities=source, state=InvitationState.PENDING):
        invitation.legal_entities.add(target)
