"""What a merge or a split would move, and what the manager has to know before."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.permissions import Permission, Scope
from counterparties.actor import Actor
from counterparties.merging import Held, followers
from counterparties.models import (
    ChangeRequest,
    ChangeState,
    ChangeSubject,
    Contract,
    DeliveryAddress,
    Holding,
    LegalEntity,
    LegalEntityBankAccount,
    LegalEntityKind,
    LegalEntityUserObjectPermission,
    Membership,
    MergeRecord,
    StageGrant,
    VatMode,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY
from counterparties.requisites import REQUISITES

_RECORDS = 20
CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """One requisite that the two have differently, in words."""

    name: str
    label: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class PersonMoving:
    """A person of the client that gives: what he acts for, and whether the other client knows him."""

    membership: Membership
    is_named: bool
    is_known_there: bool


@dataclass(frozen=True, slots=True)
class EntitiesPreview:
    """Two legal entities side by side."""

    source: LegalEntity
    target: LegalEntity
    differences: tuple[Difference, ...]
    held: tuple[Held, ...]
    warnings: tuple[str, ...]
    people: tuple[PersonMoving, ...]
    is_of_two: bool


@dataclass(frozen=True, slots=True)
class HoldingsPreview:
    """Two clients side by side."""

    source: Holding
    target: Holding
    entities: tuple[LegalEntity, ...]
    held: tuple[Held, ...]
    warnings: tuple[str, ...]
    people: tuple[PersonMoving, ...]


@dataclass(frozen=True, slots=True)
class SplitPreview:
    """A client, and the legal entities that would leave it."""

    source: Holding
    entities: tuple[LegalEntity, ...]
    chosen: frozenset[int]
    held: tuple[Held, ...]
    warnings: tuple[str, ...]
    people: tuple[PersonMoving, ...]


def entities_preview(*, actor: Actor, source_id: int, target_id: int) -> EntitiesPreview:
    """Raises AccessDenied, LegalEntity.DoesNotExist (also for merged ones and other managers' clients)."""
    actor.require(Permission.CLIENT_SERVE)
    known = LegalEntity.objects.visible_to(actor).select_related("holding")
    source, target = known.get(pk=source_id), known.get(pk=target_id)
    is_of_two = source.holding_id != target.holding_id
    people = _people(source.holding_id, target.holding_id, {source.pk}) if is_of_two else ()
    return EntitiesPreview(
        source=source,
        target=target,
        differences=_differences(source, target),
        held=_shown(held_rows([source.pk])),
        warnings=(*_entity_warnings(source, target), *_people_warnings(people, target.holding)),
        people=people,
        is_of_two=is_of_two,
    )


def holdings_preview(*, actor: Actor, source_id: int, target_id: int) -> HoldingsPreview:
    """Raises AccessDenied, Holding.DoesNotExist."""
    actor.require(Permission.CLIENT_SERVE)
    known = mergeable_holdings(actor)
    source, target = known.get(pk=source_id), known.get(pk=target_id)
    entities = tuple(LegalEntity.objects.in_use().filter(holding=source).order_by("name", "pk"))
    people = _people(source.pk, target.pk, {one.pk for one in entities})
    return HoldingsPreview(
        source=source,
        target=target,
        entities=entities,
        held=_shown(held_rows([one.pk for one in LegalEntity.objects.filter(holding=source)])),
        warnings=(
            *_same_inn_warnings(source, target),
            *_widening_warnings(source, target),
            *_people_warnings(people, target),
        ),
        people=people,
    )


def split_preview(*, actor: Actor, holding_id: int, entity_ids: Collection[int]) -> SplitPreview:
    """Ids that are not the client's are left out. Raises AccessDenied, Holding.DoesNotExist."""
    actor.require(Permission.CLIENT_SERVE)
    source = mergeable_holdings(actor).get(pk=holding_id)
    entities = tuple(LegalEntity.objects.in_use().filter(holding=source).order_by("name", "pk"))
    chosen = frozenset(one.pk for one in entities) & frozenset(entity_ids)
    merged = LegalEntity.objects.filter(merged_into__in=chosen).values_list("pk", flat=True)
    return SplitPreview(
        source=source,
        entities=entities,
        chosen=chosen,
        held=_shown(held_rows([*chosen, *merged])) if chosen else (),
        warnings=(),
        people=_people(source.pk, 0, chosen),
    )


def mergeable_holdings(actor: Actor) -> QuerySet[Holding]:
    """Clients that the actor serves and that are not merged away."""
    return Holding.objects.visible_to(actor).filter(merged_into__isnull=True).order_by("name", "pk")


def mergeable_entities(actor: Actor) -> QuerySet[LegalEntity]:
    """Legal entities of the clients that the actor serves."""
    return (
        LegalEntity.objects.visible_to(actor)
        .filter(holding__in=mergeable_holdings(actor).order_by())
        .select_related("holding")
        .order_by("name", "pk")
    )


def merge_candidates(
    *, actor: Actor, holding: Holding, search: str
) -> tuple[list[LegalEntity], list[Holding]]:
    """With whom a client may be merged: its own legal entities, those with the same ИНН, and what is found.

    Three queries; at most `CANDIDATES` of each kind.
    """
    own = LegalEntity.objects.in_use().filter(holding=holding).values("inn")
    wanted = Q(holding=holding) | Q(inn__in=own)
    if search:
        found = Q(name__icontains=search) | Q(inn__startswith=search) | Q(holding__name__icontains=search)
        wanted |= found
    entities = list(mergeable_entities(actor).filter(wanted)[:CANDIDATES])
    others = Q(pk__in=[one.holding_id for one in entities])
    if search:
        others |= Q(name__icontains=search)
    holdings = mergeable_holdings(actor).filter(others).exclude(pk=holding.pk)
    return entities, list(holdings[:CANDIDATES])


def merge_records(*, actor: Actor, holding_id: int) -> list[MergeRecord]:
    """Latest merges and splits of a client; one query."""
    records = MergeRecord.objects.visible_to(actor).filter(
        Q(source_holding=holding_id) | Q(target_holding=holding_id)
    )
    named = records.select_related(
        "source_holding", "target_holding", "source_entity", "target_entity", "decided_by"
    )
    return list(named.order_by("-at", "-pk")[:_RECORDS])


def contract_twins(source_id: int, target_id: int) -> dict[int, int]:
    """Contracts that both have: the same organization, number and date. Source's id -> target's id."""
    own = {_contract_key(one): one.pk for one in Contract.objects.filter(legal_entity=target_id)}
    theirs = Contract.objects.filter(legal_entity=source_id).order_by("pk")
    return {one.pk: own[_contract_key(one)] for one in theirs if _contract_key(one) in own}


def held_rows(entity_ids: Collection[int]) -> list[Held]:
    """All that hangs on legal entities: rows of clients themselves, then of the apps above."""
    rows: list[tuple[str, QuerySet[Any]]] = [
        (_("Договоры"), Contract.objects.filter(legal_entity__in=entity_ids)),
        (_("Счета в банках"), LegalEntityBankAccount.objects.filter(legal_entity__in=entity_ids)),
        (_("Адреса доставки"), DeliveryAddress.objects.filter(legal_entity__in=entity_ids)),
        (_("Запросы на изменение реквизитов"), ChangeRequest.objects.filter(legal_entity__in=entity_ids)),
        (
            _("Поименные права сотрудников"),
            LegalEntityUserObjectPermission.objects.filter(content_object__in=entity_ids),
        ),
        (_("Ступени прав"), StageGrant.objects.filter(legal_entities__in=entity_ids).distinct()),
    ]
    own = [Held(what, tuple(found.order_by("pk").values_list("pk", flat=True))) for what, found in rows]
    return own + [held for follower in followers() for held in follower.held(entity_ids)]


def people_rows(holding_id: int, membership_ids: Collection[int]) -> Held:
    """The people of a holding who go along."""
    going = Membership.objects.filter(holding=holding_id, pk__in=membership_ids)
    return Held(_("Сотрудники"), tuple(going.order_by("pk").values_list("pk", flat=True)))


def _shown(rows: list[Held]) -> tuple[Held, ...]:
    return tuple(row for row in rows if row.ids)


def _contract_key(contract: Contract) -> tuple[object, ...]:
    return (contract.organization_id, contract.number, contract.date)


def _differences(source: LegalEntity, target: LegalEntity) -> tuple[Difference, ...]:
    return tuple(
        Difference(
            name=name,
            label=str(LegalEntity._meta.get_field(name).verbose_name),  # type: ignore[union-attr]
            source=_words(name, str(getattr(source, name))),
            target=_words(name, str(getattr(target, name))),
        )
        for name in REQUISITES
        if getattr(source, name) != getattr(target, name)
    )


def _words(name: str, value: str) -> str:
    if name == "kind":
        return str(LegalEntityKind(value).label)
    return str(VatMode(value).label) if name == "vat_mode" else value


def _people(source_id: int, target_id: int, entity_ids: Collection[int]) -> tuple[PersonMoving, ...]:
    members = list(
        Membership.objects.filter(holding=source_id)
        .select_related("user", "role")
        .order_by("-is_active", "user__full_name", "pk")
    )
    named = set(
        LegalEntityUserObjectPermission.objects.filter(
            content_object__in=entity_ids, permission__codename=ACT_FOR_LEGAL_ENTITY
        ).values_list("user_id", flat=True)
    )
    there = set(Membership.objects.filter(holding=target_id).values_list("user_id", flat=True))
    return tuple(
        PersonMoving(
            membership=member,
            is_named=member.is_whole_holding or member.user_id in named,
            is_known_there=member.user_id in there,
        )
        for member in members
    )


def _entity_warnings(source: LegalEntity, target: LegalEntity) -> list[str]:
    found = []
    if source.inn != target.inn:
        found.append(_("ИНН разные: проверьте, что это одна и та же компания."))
    pair = [source.pk, target.pk]
    if Contract.objects.filter(legal_entity__in=pair, is_default=True).count() == 2:
        found.append(_("Основной договор есть у обоих: останется договор {name}.").format(name=target.name))
    twins = Contract.objects.filter(pk__in=contract_twins(source.pk, target.pk).values())
    twice = _("Договор {contract} есть у обоих: условия и цены останутся как у {name}.")
    found += [twice.format(contract=one, name=target.name) for one in twins.order_by("pk")]
    waiting = ChangeRequest.objects.filter(
        legal_entity__in=pair, state=ChangeState.WAITING, subject=ChangeSubject.REQUISITES
    )
    if waiting.count() == 2:
        found.append(_("Оба ждут изменения реквизитов: запрос {name} закроется.").format(name=source.name))
    return found


def _same_inn_warnings(source: Holding, target: Holding) -> list[str]:
    theirs = LegalEntity.objects.in_use().filter(holding=target).values("inn")
    doubles = LegalEntity.objects.in_use().filter(holding=source, inn__in=theirs).order_by("name", "pk")
    return [
        _("ИНН {inn} есть у обоих клиентов: после этого объедините и юрлица: {name}.").format(
            inn=one.inn, name=one.name
        )
        for one in doubles
    ]


def _widening_warnings(source: Holding, target: Holding) -> list[str]:
    """Whoever is trusted with the whole of a client is trusted with what comes to it."""
    whole = Q(is_whole_holding=True) | Q(stages__is_whole_holding=True, stages__state="granted")
    by_role = Q(role__permissions__scope=Scope.HOLDING)
    staying = Membership.objects.filter(whole | by_role, holding=target, is_active=True)
    coming = Membership.objects.filter(by_role, holding=source, is_active=True)
    found = []
    for people, text in (
        (staying, _("Увидят юрлица, которые придут: {names}.")),
        (coming, _("Увидят заказы всех юрлиц объединенного клиента: {names}.")),
    ):
        names = people.select_related("user").distinct().order_by("user__full_name", "pk")
        if names:
            found.append(text.format(names=", ".join(one.user.get_full_name() for one in names)))
    return found


def _people_warnings(people: Collection[PersonMoving], target: Holding) -> list[str]:
    names = ", ".join(one.membership.user.get_full_name() for one in people if one.is_known_there)
    if not names:
        return []
    return [
        _("Уже есть среди сотрудников клиента {holding}, роль останется та, что там: {names}.").format(
            holding=target.name, names=names
        )
    ]
