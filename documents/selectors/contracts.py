"""Contracts as lists and pages show them: terms of time, newest versions, addenda under their contract."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Contract, ContractState
from counterparties.reach import reach
from documents.models import ContractVersion
from documents.states import VersionState
from portal.lib.words import plural

EXPIRING_DAYS = 30
PAGE = 50
WAITING = frozenset({VersionState.UPLOADED, VersionState.ON_REVIEW})


class ContractTerm(models.TextChoices):
    """How a contract stands in time; computed, never kept."""

    OPEN = "open", gettext_lazy("Бессрочный")
    RUNS = "runs", gettext_lazy("Действует")
    EXPIRING = "expiring", gettext_lazy("Истекает")
    EXPIRED = "expired", gettext_lazy("Истек")
    DRAFT = "draft", gettext_lazy("Готовится")
    OVER = "over", gettext_lazy("Закрыт")


@dataclass(frozen=True, slots=True)
class ContractFilter:
    """What is asked of the list; empty values ask nothing. `waits`: a version is to be looked through."""

    text: str = ""
    term: str = ""
    waits: bool = False

    @property
    def is_empty(self) -> bool:
        return self == ContractFilter()


@dataclass(frozen=True, slots=True)
class ContractRow:
    """One contract with its addenda; `left` tells the time that is left in words."""

    pk: int
    label: str
    kind: str
    legal_entity: str
    organization: str
    valid_until: date | None
    term: ContractTerm
    left: str
    prolongation: str
    version_state: str
    version_label: str
    addenda: tuple["ContractRow", ...] = ()


@dataclass(frozen=True, slots=True)
class ContractPage:
    rows: list[ContractRow]
    count: int
    page: Page[Contract]


def contracts_visible(actor: Actor) -> QuerySet[Contract]:
    """Contracts as far as DOCUMENT_VIEW reaches; a client sees a drafted one when its text was sent.

    A contract is nobody's own: who sees only his own papers sees none.
    """
    if actor.is_own_only(Permission.DOCUMENT_VIEW):
        return Contract.objects.none()
    contracts = Contract.objects.filter(reach(actor, Permission.DOCUMENT_VIEW, entity="legal_entity"))
    if not actor.is_client:
        return contracts
    shown = ContractVersion.objects.visible_to(actor).filter(contract=OuterRef("pk"))
    return contracts.filter(~Q(state=ContractState.DRAFT) | Exists(shown))


def contract_rows(*, actor: Actor, chosen: ContractFilter, page: str | int, on: date) -> ContractPage:
    """Main contracts, the soonest end first, each with its addenda; three queries."""
    mains = _asked(contracts_visible(actor).filter(parent__isnull=True), actor, chosen, on)
    ordered = mains.order_by(models.F("valid_until").asc(nulls_last=True), "-date", "-pk")
    shown = Paginator(_with_versions(ordered, actor), PAGE).get_page(page)
    contracts = list(shown)
    under = contracts_visible(actor).filter(parent__in=[contract.pk for contract in contracts])
    addenda: dict[int, list[ContractRow]] = {}
    for addendum in _with_versions(under.order_by("date", "pk"), actor) if contracts else ():
        addenda.setdefault(addendum.parent_id or 0, []).append(_row(addendum, on, ()))
    rows = [_row(contract, on, addenda.get(contract.pk, ())) for contract in contracts]
    return ContractPage(rows=rows, count=shown.paginator.count, page=shown)


def _asked(
    contracts: QuerySet[Contract], actor: Actor, chosen: ContractFilter, on: date
) -> QuerySet[Contract]:
    if chosen.text:
        contracts = contracts.filter(
            Q(number__icontains=chosen.text)
            | Q(addenda__number__icontains=chosen.text)
            | Q(legal_entity__name__icontains=chosen.text)
            | Q(legal_entity__inn__startswith=chosen.text)
        ).distinct()
    if chosen.term == ContractTerm.EXPIRING:
        last = on + timedelta(days=EXPIRING_DAYS)
        contracts = contracts.filter(state=ContractState.ACTIVE, valid_until__range=(on, last))
    elif chosen.term == ContractTerm.EXPIRED:
        contracts = contracts.filter(state=ContractState.ACTIVE, valid_until__lt=on)
    if chosen.waits:
        waiting = ContractVersion.objects.visible_to(actor).filter(state__in=WAITING)
        of_it = waiting.filter(Q(contract=OuterRef("pk")) | Q(contract__parent=OuterRef("pk")))
        contracts = contracts.filter(Exists(of_it))
    return contracts


def _with_versions(contracts: QuerySet[Contract], actor: Actor) -> QuerySet[Contract]:
    newest = ContractVersion.objects.visible_to(actor).filter(contract=OuterRef("pk")).order_by("-number")
    return contracts.select_related("organization", "legal_entity").annotate(
        version_state=Subquery(newest.values("state")[:1])
    )


def _row(contract: Contract, on: date, addenda: Iterable[ContractRow]) -> ContractRow:
    state = contract.version_state or ""  # type: ignore[attr-defined]  # annotated in _with_versions
    return ContractRow(
        pk=contract.pk,
        label=str(contract),
        kind=contract.get_kind_display(),
        legal_entity=contract.legal_entity.name,
        organization=contract.organization.name,
        valid_until=contract.valid_until,
        term=term_of(contract, on),
        left=left_words(contract, on),
        prolongation=prolongation_words(contract),
        version_state=state,
        version_label=str(VersionState(state).label) if state else "",
        addenda=tuple(addenda),
    )


def term_of(contract: Contract, on: date) -> ContractTerm:
    """How it stands on a Moscow date; the last day counts as one on which it is in force."""
    if contract.state == ContractState.DRAFT:
        return ContractTerm.DRAFT
    if contract.state != ContractState.ACTIVE:
        return ContractTerm.OVER
    if contract.valid_until is None:
        return ContractTerm.OPEN
    left = (contract.valid_until - on).days
    if left < 0:
        return ContractTerm.EXPIRED
    return ContractTerm.EXPIRING if left <= EXPIRING_DAYS else ContractTerm.RUNS


def left_words(contract: Contract, on: date) -> str:
    """«Осталось 12 дней», «Истек 3 дня назад»; empty where nothing runs."""
    if contract.state != ContractState.ACTIVE or contract.valid_until is None:
        return ""
    left = (contract.valid_until - on).days
    if left == 0:
        return _("Сегодня последний день")
    days = f"{abs(left)} {plural(abs(left), _('день'), _('дня'), _('дней'))}"
    return _("Осталось {days}").format(days=days) if left > 0 else _("Истек {days} назад").format(days=days)


def prolongation_words(contract: Contract) -> str:
    """How it prolongs itself; empty where it does not."""
    months = contract.prolongs_months
    if not months:
        return ""
    if contract.prolongation_refused_on is not None:
        day = f"{contract.prolongation_refused_on:%d.%m.%Y}"
        return _("Не продлится: отказ от {day}").format(day=day)
    text = _("Продлевается сам на {months} мес.").format(months=months)
    if contract.prolongs_most is None:
        return text
    left = max(0, contract.prolongs_most - contract.prolonged_times)
    return f"{text}, {_('осталось раз: {left}').format(left=left)}" if left else _("Продления исчерпаны")
