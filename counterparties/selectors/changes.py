"""Change requests with their diffs, and the requisites that a client sees."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import (
    ChangeField,
    ChangeOutcome,
    ChangeRequest,
    ChangeState,
    ChangeSubject,
    DeliveryAddress,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityKind,
    VatMode,
)
from counterparties.reach import reach
from counterparties.requisites import REQUISITES, Fault, requisites_faults

LIST_LENGTH = 200
_KIND_LABELS = {value: str(label) for value, label in LegalEntityKind.choices}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One request in a list."""

    pk: int
    legal_entity: str
    holding: str
    subject: str
    author: str
    state: str
    state_label: str
    created_at: datetime
    fields: int


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field: as the client saw it, as he wants it, and as it is now."""

    name: str
    label: str
    old: str
    new: str
    current: str
    outcome: str
    outcome_label: str
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class ChangeCard:
    """A request with its diff and what is doubtful about the wanted values."""

    request: ChangeRequest
    diffs: tuple[FieldDiff, ...]
    warnings: tuple[Fault, ...]
    is_waiting: bool
    is_whole: bool


@dataclass(frozen=True, slots=True)
class EntityCard:
    """Requisites of a legal entity for the client's people."""

    entity: LegalEntity
    accounts: tuple[LegalEntityBankAccount, ...]
    addresses: tuple[DeliveryAddress, ...]
    requests: tuple[ChangeRequest, ...]
    faults: tuple[Fault, ...]
    is_editable: bool


def change_rows(*, actor: Actor, state: str = ChangeState.WAITING) -> list[ChangeRow]:
    """Requests of the actor's clients in a state, the oldest first; one query."""
    actor.require(Permission.CLIENT_SERVE)
    rows = (
        ChangeRequest.objects.visible_to(actor)
        .filter(state=state)
        .select_related("legal_entity__holding", "created_by")
        .annotate(wanted=Count("fields"))
        .order_by("created_at", "pk")
    )
    return [
        ChangeRow(
            pk=one.pk,
            legal_entity=one.legal_entity.name,
            holding=one.legal_entity.holding.name,
            subject=one.get_subject_display(),
            author=one.created_by.get_full_name(),
            state=one.state,
            state_label=one.get_state_display(),
            created_at=one.created_at,
            fields=int(vars(one)["wanted"]),
        )
        for one in rows[:LIST_LENGTH]
    ]


def change_card(*, actor: Actor, change_request_id: int) -> ChangeCard:
    """Load a request for the manager. Raises AccessDenied, ChangeRequest.DoesNotExist."""
    actor.require(Permission.CLIENT_SERVE)
    request = (
        ChangeRequest.objects.visible_to(actor)
        .select_related("legal_entity__holding", "created_by", "decided_by", "bank_account")
        .prefetch_related(Prefetch("fields", queryset=ChangeField.objects.order_by("pk")))
        .get(pk=change_request_id)
    )
    is_requisites = request.subject == ChangeSubject.REQUISITES
    wanted = {field.name: field.new for field in request.fields.all()}
    now = {name: str(getattr(request.legal_entity, name)) for name in REQUISITES}
    return ChangeCard(
        request=request,
        diffs=tuple(_diff(request, field) for field in request.fields.all()),
        warnings=tuple(requisites_faults(now | wanted)) if is_requisites else (),
        is_waiting=request.state == ChangeState.WAITING,
        is_whole=not is_requisites,
    )


def _diff(request: ChangeRequest, field: ChangeField) -> FieldDiff:
    is_requisites = request.subject == ChangeSubject.REQUISITES
    row = request.legal_entity if is_requisites else request.bank_account
    current = str(getattr(row, field.name)) if row is not None else ""
    model = LegalEntity if is_requisites else LegalEntityBankAccount
    return FieldDiff(
        name=field.name,
        label=str(model._meta.get_field(field.name).verbose_name),  # type: ignore[union-attr]
        old=_shown(field.name, field.old),
        new=_shown(field.name, field.new),
        current=_shown(field.name, current),
        outcome=field.outcome,
        outcome_label=str(ChangeOutcome(field.outcome).label),
        is_outdated=field.outcome == ChangeOutcome.WAITING and current not in {field.old, field.new},
    )


def _shown(name: str, value: str) -> str:
    """Choices in words, other values as they are."""
    if name == "kind":
        return _KIND_LABELS.get(value, value)
    if name == "vat_mode":
        return str(VatMode(value).label) if value in VatMode.values else value
    return value


def entities_editable(actor: Actor) -> QuerySet[LegalEntity]:
    """Legal entities whose requisites and addresses the actor may change."""
    return LegalEntity.objects.filter(reach(actor, Permission.REQUISITES_EDIT, entity=""))


def entity_rows(*, actor: Actor) -> list[LegalEntity]:
    """The client's legal entities that the actor sees, the main one first; two queries."""
    main = LegalEntity.objects.visible_to(actor).select_related("holding")
    waiting = ChangeRequest.objects.filter(state=ChangeState.WAITING)
    rows = main.prefetch_related(Prefetch("change_requests", queryset=waiting, to_attr="waiting_changes"))
    return sorted(rows.order_by("name", "pk"), key=lambda one: one.pk != one.holding.main_entity_id)


def entity_card(*, actor: Actor, legal_entity_id: int) -> EntityCard:
    """Load a legal entity for its client. Raises LegalEntity.DoesNotExist."""
    entity = LegalEntity.objects.visible_to(actor).select_related("holding").get(pk=legal_entity_id)
    is_editable = entities_editable(actor).filter(pk=entity.pk).exists()
    requests = ChangeRequest.objects.visible_to(actor).filter(legal_entity=entity)
    values = {name: str(getattr(entity, name)) for name in REQUISITES}
    return EntityCard(
        entity=entity,
        accounts=tuple(entity.bank_accounts.order_by("-is_default", "pk")),
        addresses=tuple(
            entity.delivery_addresses.filter(is_active=True)
            .select_related("city")
            .order_by("-is_default", "pk")
        ),
        requests=tuple(
            requests.select_related("created_by").prefetch_related("fields").order_by("-created_at")[:10]
        ),
        faults=tuple(requisites_faults(values)) if is_editable else (),
        is_editable=is_editable,
    )


CHANGE_HINT = _("Менеджер проверит изменения. Пока он не ответит, в документах остаются прежние реквизиты.")
