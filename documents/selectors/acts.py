"""Акты сверки as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import LegalEntity
from counterparties.reach import reaches
from documents.acts.matching import Operation
from documents.acts.moves import MADE, MOVES, OPEN
from documents.models import (
    Act,
    ActDifference,
    ActLine,
    ActRemark,
    ActSchedule,
    ClientAct,
    ClientActLine,
    ReceivedDocument,
)
from documents.states import ActState, FileRole, ReceivedKind, Verdict

PAGE_SIZE = 50
LINES = 100
DIFFERENCES = 50
_MOST_RECEIVED = 20
Day = date


@dataclass(frozen=True, slots=True)
class ActFilter:
    """What to show; an empty value filters nothing. `firm` is a part of a name or an INN."""

    legal_entity_id: int | None = None
    holding_id: int | None = None
    state: str = ""
    firm: str = ""


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act in a list; money in its currency, above zero the client owes."""

    uid: UUID
    title: str
    period_from: date
    period_to: date
    legal_entity: str
    organization: str
    contract: str
    state: str
    state_label: str
    is_stale: bool
    closing: Decimal | None
    currency: str
    open_differences: int
    asked_at: datetime


def act_rows(*, actor: Actor, chosen: ActFilter, page: int | str = 1) -> tuple[list[ActRow], Page[Any]]:
    """Newest acts first, visible to the actor; two queries."""
    acts = _filtered(Act.objects.visible_to(actor), chosen)
    still = ~Q(differences__is_agreed_by_client=True, differences__is_agreed_by_us=True)
    acts = acts.annotate(open_count=Count("differences", filter=Q(differences__isnull=False) & still))
    related = acts.select_related("organization", "legal_entity", "contract", "document")
    place = Paginator(related.order_by("-asked_at", "-pk"), PAGE_SIZE).get_page(page)
    return [_row(act) for act in place.object_list], place


def _filtered(acts: QuerySet[Act], chosen: ActFilter) -> QuerySet[Act]:
    if chosen.legal_entity_id is not None:
        pk = chosen.legal_entity_id
        acts = acts.filter(Q(legal_entity=pk) | Q(legal_entity__merged_into=pk))
    if chosen.holding_id is not None:
        acts = acts.filter(legal_entity__holding=chosen.holding_id)
    if chosen.state:
        acts = acts.filter(state=chosen.state)
    if chosen.firm:
        named = Q(legal_entity__name__icontains=chosen.firm) | Q(legal_entity__inn__startswith=chosen.firm)
        acts = acts.filter(named)
    return acts


def _row(act: Act) -> ActRow:
    open_count: int = act.open_count  # type: ignore[attr-defined]  # annotated in act_rows
    return ActRow(
        uid=act.uid,
        title=act_title(act),
        period_from=act.period_from,
        period_to=act.period_to,
        legal_entity=act.legal_entity.name,
        organization=act.organization.name,
        contract=str(act.contract) if act.contract else _("все договоры"),
        state=act.state,
        state_label=act.get_state_display(),
        is_stale=act.is_stale,
        closing=act.closing if act.state in MADE else None,
        currency=act.currency,
        open_differences=open_count,
        asked_at=act.asked_at,
    )


def act_title(act: Act) -> str:
    """«Акт сверки № 12»; one without a number has its period only."""
    if act.document is None:
        return _("Акт сверки")
    return _("Акт сверки № {number}").format(number=act.document.number_print)


def received_acts(*, actor: Actor) -> list[ReceivedDocument]:
    """Acts that 1C has sent, the newest first; one query."""
    papers = ReceivedDocument.objects.visible_to(actor).in_force().filter(kind=ReceivedKind.ACT)
    return list(papers.select_related("legal_entity").order_by("-date", "-pk")[:_MOST_RECEIVED])


def act_schedules(*, actor: Actor, entities: Iterable[LegalEntity]) -> list[ActSchedule]:
    """Schedules of firms that the actor sees; one query."""
    pks = [entity.pk for entity in entities]
    schedules = ActSchedule.objects.filter(legal_entity__in=pks)
    related = schedules.select_related("legal_entity", "organization", "contract")
    return list(related.order_by("legal_entity__name", "organization__name", "pk"))


def last_act_end(*, legal_entity_id: int, organization_id: int, contract_id: int | None) -> date | None:
    """The last day of the last act that was agreed, else made, of a pair; one query."""
    acts = Act.objects.filter(
        legal_entity=legal_entity_id, organization=organization_id, contract=contract_id, state__in=MADE
    )
    ends = dict(acts.order_by("period_to").values_list("state", "period_to"))
    agreed = [ends[state] for state in (ActState.CONFIRMED, ActState.SIGNED) if state in ends]
    return max(agreed or ends.values(), default=None)


def act_operations(act: Act) -> list[Operation]:
    """Our lines as matching takes them; one query."""
    lines = ActLine.objects.filter(act=act).order_by("position")
    rows = lines.values_list("position", "date", "number", "debit", "credit", "entry__kind", "title")
    return [
        Operation(
            position=position, day=day, number=number, value=debit - credit, kind=kind or "", title=title
        )
        for position, day, number, debit, credit, kind, title in rows
    ]


@dataclass(frozen=True, slots=True)
class RemarkView:
    author: str
    is_ours: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SideLine:
    """An operation of one side."""

    position: int
    date: Day | None
    title: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A line that the sides see differently; `tone` is good, warn or bad."""

    pk: int
    ours: SideLine | None
    theirs: SideLine | None
    label: str
    tone: str
    cause: str
    amount: Decimal
    is_agreed_by_client: bool
    is_agreed_by_us: bool
    remarks: tuple[RemarkView, ...]

    @property
    def is_settled(self) -> bool:
        return self.is_agreed_by_client and self.is_agreed_by_us


@dataclass(frozen=True, slots=True)
class LineView:
    """One of our lines with the verdict, empty where nothing was compared."""

    line: SideLine
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Balances:
    """Ours against the client's; `rest` is what the differences do not explain."""

    opening: Decimal | None
    closing: Decimal | None
    opening_gap: Decimal
    closing_gap: Decimal
    explained: Decimal

    @property
    def rest(self) -> Decimal:
        return self.closing_gap - self.opening_gap - self.explained


@dataclass(frozen=True, slots=True)
class ActPage:
    """An act with a page of its lines and of its differences, and what the actor may do with it."""

    act: Act
    title: str
    client_act: ClientAct | None
    balances: Balances | None
    lines: tuple[LineView, ...]
    place: Page[ActLine]
    differences: tuple[DifferenceView, ...]
    differences_place: Page[ActDifference]
    open_count: int
    roles: frozenset[str]
    may_talk: bool
    may_answer: bool
    may_scan: bool

    @property
    def may_confirm(self) -> bool:
        return self.may_answer and not self.open_count and not self.act.is_stale


def act_seen(*, actor: Actor, uid: UUID) -> Act:
    """An act with what its page names. Raises Act.DoesNotExist (not there or somebody else's)."""
    related = ("organization", "legal_entity", "contract", "document__file", "received__file", "signed_scan")
    return Act.objects.visible_to(actor).select_related(*related, "answered_by").get(uid=uid)


def act_page(*, actor: Actor, act: Act, page: int | str = 1, differences_page: int | str = 1) -> ActPage:
    """All that the page shows; ten queries, however long the act is."""
    client_act = act.client_acts.select_related("file", "uploaded_by").order_by("-pk").first()
    lines = Paginator(ActLine.objects.filter(act=act).order_by("position"), LINES).get_page(page)
    found = Paginator(_differences(act), DIFFERENCES).get_page(differences_page)
    is_talked_of = act.state in OPEN
    may_talk = is_talked_of and actor.user_id is not None and not actor.is_read_only
    signs = _may_sign(actor, act)
    still = act.differences.exclude(is_agreed_by_client=True, is_agreed_by_us=True)
    return ActPage(
        act=act,
        title=act_title(act),
        client_act=client_act,
        balances=_balances(act, client_act),
        lines=tuple(_line_views(list(lines.object_list), client_act, actor)),
        place=lines,
        differences=tuple(_difference_view(one, actor) for one in found.object_list),
        differences_place=found,
        open_count=still.count(),
        roles=_roles(act),
        may_talk=may_talk,
        may_answer=may_talk and signs,
        may_scan=ActState.SIGNED in MOVES[act.state]
        and not actor.is_read_only
        and (signs or not actor.is_client),
    )


def _may_sign(actor: Actor, act: Act) -> bool:
    if not actor.is_client or actor.is_read_only:
        return False
    return reaches(actor, Permission.DOCUMENT_SIGN, entity=act.legal_entity, author_id=None)


def _roles(act: Act) -> frozenset[str]:
    """What files there are: pdf, xlsx."""
    if act.document is None:
        return frozenset()
    kept = act.document.files.filter(role=FileRole.XLSX)
    return frozenset({"pdf", *kept.values_list("role", flat=True)})


def _differences(act: Act) -> QuerySet[ActDifference]:
    remarks = ActRemark.objects.select_related("author").order_by("pk")
    rows = act.differences.select_related("ours", "theirs").prefetch_related(
        Prefetch("remarks", queryset=remarks)
    )
    return rows.order_by("is_agreed_by_client", "is_agreed_by_us", "ours__position", "theirs__position", "pk")


def _difference_view(one: ActDifference, actor: Actor) -> DifferenceView:
    label, tone = verdict_words(
        one.verdict, is_settled=one.is_agreed_by_client and one.is_agreed_by_us, actor=actor
    )
    return DifferenceView(
        pk=one.pk,
        ours=_side(one.ours) if one.ours else None,
        theirs=_side(one.theirs) if one.theirs else None,
        label=label,
        tone=tone,
        cause=one.cause,
        amount=one.amount,
        is_agreed_by_client=one.is_agreed_by_client,
        is_agreed_by_us=one.is_agreed_by_us,
        remarks=tuple(
            RemarkView(remark.author.get_full_name(), remark.is_ours, remark.text, remark.at)
            for remark in one.remarks.all()
        ),
    )


def _side(line: ActLine | ClientActLine) -> SideLine:
    return SideLine(line.position, line.date, line.title, line.debit, line.credit)


def verdict_words(verdict: str, *, is_settled: bool, actor: Actor) -> tuple[str, str]:
    """Words and tone of a difference; a manager reads of the client where the client reads of himself."""
    if verdict == Verdict.MATCHED:
        label = _("Под вопросом")
    elif verdict == Verdict.ONLY_THEIRS and not actor.is_client:
        label = _("Только у клиента")
    else:
        label = str(Verdict(verdict).label)
    if is_settled:
        return label, "good"
    return label, "warn" if verdict in (Verdict.MATCHED, Verdict.DATE_DIFFERS) else "bad"


def _line_views(lines: Sequence[ActLine], client_act: ClientAct | None, actor: Actor) -> Iterable[LineView]:
    differences = {
        one.ours_id: one for one in ActDifference.objects.filter(ours__in=[line.pk for line in lines])
    }
    for line in lines:
        one = differences.get(line.pk)
        if one is not None:
            settled = one.is_agreed_by_client and one.is_agreed_by_us
            label, tone = verdict_words(one.verdict, is_settled=settled, actor=actor)
        elif client_act is not None:
            label, tone = str(Verdict.MATCHED.label), "good"
        else:
            label = tone = ""
        yield LineView(_side(line), label, tone)


def _balances(act: Act, client_act: ClientAct | None) -> Balances | None:
    """The client's balances beside ours and how much of the gap the lines explain."""
    if client_act is None or client_act.closing is None:
        return None
    opening = client_act.opening
    differing = act.differences.exclude(verdict=Verdict.MATCHED)
    return Balances(
        opening=opening,
        closing=client_act.closing,
        opening_gap=act.opening - (opening or 0),
        closing_gap=act.closing - client_act.closing,
        explained=sum(differing.values_list("amount", flat=True), Decimal("0.00")),
    )
