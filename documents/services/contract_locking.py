"""Locks of contracts and their versions, always in one order; moves of a version with their history."""

from datetime import datetime
from typing import cast

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from counterparties.reach import reach
from documents.contract_refusals import WrongVersionState
from documents.events import ContractMoved
from documents.models import ContractStep, ContractVersion
from documents.states import VERSION_STEPS, VersionState
from portal.outbox import publish


def staff_only(actor: Actor) -> None:
    """Raise AccessDenied unless the actor is an employee in his own name."""
    actor.require(Permission.CLIENT_SERVE)
    if actor.is_client:
        raise AccessDenied(Permission.CLIENT_SERVE.label)


def signer_only(actor: Actor) -> None:
    """Raise AccessDenied unless the actor may sign for a client, himself and not a manager in his name."""
    actor.require(Permission.DOCUMENT_SIGN)
    if not actor.is_client or actor.is_read_only:
        raise AccessDenied(Permission.DOCUMENT_SIGN.label)


def acting_user(actor: Actor) -> int:
    """The person of the actor: whoever has a permission is one."""
    return cast(int, actor.user_id)


def signed_by(actor: Actor, version_id: int) -> ContractVersion:
    """The version, where the actor signs for its legal entity. Raises ContractVersion.DoesNotExist."""
    mine = reach(actor, Permission.DOCUMENT_SIGN, entity="contract__legal_entity")
    return ContractVersion.objects.visible_to(actor).filter(mine).get(pk=version_id)


def contracts_lock(contract: Contract) -> dict[int, Contract]:
    """Lock all contracts of the same two parties: parents, addenda and rivals at once, by key.

    Takes the gate of merges first. Every service that moves a version begins here.
    """
    parties_hold()
    rows = Contract.objects.filter(
        organization=contract.organization_id, legal_entity=contract.legal_entity_id
    )
    locked = rows.select_related("organization", "legal_entity").order_by("pk")
    return {row.pk: row for row in locked.select_for_update(of=("self",), no_key=True)}


def version_locked(version: ContractVersion) -> ContractVersion:
    """Lock the contracts, then the version; what was read before the wait is read again."""
    contracts = contracts_lock(version.contract)
    found = ContractVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
    found.contract = contracts[version.contract_id]
    if found.contract.parent_id is not None:
        found.contract.parent = contracts.get(found.contract.parent_id, found.contract.parent)
    return found


def version_of_staff(actor: Actor, version_id: int) -> ContractVersion:
    """The locked version of a client whom the actor serves. Raises AccessDenied, DoesNotExist."""
    staff_only(actor)
    return version_locked(
        ContractVersion.objects.visible_to(actor).select_related("contract").get(pk=version_id)
    )


def version_move(
    version: ContractVersion, target: VersionState, *, actor: Actor | None, at: datetime, comment: str = ""
) -> ContractStep:
    """Move a locked version and note it; whom it concerns hears of it. Raises WrongVersionState."""
    source = VersionState(version.state)
    if target not in VERSION_STEPS.get(source, frozenset()):
        raise WrongVersionState(source)
    version.state = target
    version.save(update_fields=["state"])
    step = ContractStep.objects.create(
        version=version,
        source=source,
        target=target,
        user_id=actor.user_id if actor else None,
        impersonator_id=actor.impersonator_id if actor else None,
        comment=comment,
        at=at,
    )
    publish(ContractMoved(step_id=step.pk))
    return step
