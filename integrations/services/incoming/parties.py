"""Counterparties of 1C and our legal entities: GUID, then ИНН and КПП, then a person decides.

Never by an empty ИНН, never by a name; nobody is made up and nobody is merged.
"""

from dataclasses import dataclass

from counterparties.models import LegalEntity
from integrations.models import ErpParty, ExternalKind, PartyState
from integrations.onec.incoming.records import PartyRecord
from integrations.selectors import own_id
from integrations.services.incoming.stops import stops_settle
from integrations.services.incoming.work import Work
from portal.lib.requisites import inn_error

_ENTREPRENEUR = 12


@dataclass(frozen=True, slots=True)
class Found:
    """The legal entity, or why there is none."""

    entity_id: int | None
    reason: str = ""


def party_take(work: Work, party: PartyRecord) -> int | None:
    """Find the legal entity of a counterparty and note how 1C names it; None while it waits for a person."""
    if not party.external_id:
        return _by_codes("", party.inn, party.kpp).entity_id
    known = work.known(ExternalKind.LEGAL_ENTITY, party.external_id)
    if party.is_reference:
        return known
    found = Found(known) if known is not None else _by_codes(party.external_id, party.inn, party.kpp)
    if known is None and found.entity_id is not None:
        work.learn(ExternalKind.LEGAL_ENTITY, party.external_id, found.entity_id)
        work.report.counts["parties_matched"] += 1
    row = _noted(work, party, found)
    if row.state == PartyState.WAITING:
        work.report.counts["parties_waiting"] += 1
    return found.entity_id


def party_of_order(work: Work, party: PartyRecord, *, entity_id: int, number: str) -> None:
    """Learn under which id the base keeps the client of an order of ours; another client is told of."""
    known = work.known(ExternalKind.LEGAL_ENTITY, party.external_id)
    if known is None:
        known = _by_codes(party.external_id, party.inn, party.kpp).entity_id
        if known is not None and party.external_id:
            work.learn(ExternalKind.LEGAL_ENTITY, party.external_id, known)
            work.report.counts["parties_matched"] += 1
    if known is not None and known != entity_id:
        text = f"Заказ {number}: в 1С другой контрагент, «{party.name}»"
        work.report.warn(text, external_id=party.external_id, line=party.line)


def parties_try(work: Work) -> int:
    """Look anew for those that wait: a client may have registered since; return how many were found."""
    found = 0
    for row in (
        ErpParty.objects.filter(node=work.node, state=PartyState.WAITING).exclude(inn="").order_by("pk")
    ):
        now = _by_codes(row.external_id, row.inn, row.kpp)
        if now.entity_id is None:
            continue
        work.learn(ExternalKind.LEGAL_ENTITY, row.external_id, now.entity_id)
        row.state, row.reason, row.legal_entity_id = PartyState.MATCHED, "", now.entity_id
        row.save(update_fields=["state", "reason", "legal_entity"])
        stops_settle([now.entity_id])
        found += 1
    return found


def _by_codes(external_id: str, told_inn: str, kpp: str) -> Found:
    """By ИНН and КПП, an entrepreneur by ИНН alone; two that fit are for a person to tell apart."""
    inn = _restored(told_inn)
    if not inn:
        return Found(None, "нет ИНН" if not told_inn else f"неверный ИНН {told_inn}")
    same_inn = list(LegalEntity.objects.in_use().filter(inn=inn).order_by("pk"))
    by_own = [entity for entity in same_inn if own_id("legal-entity", entity.pk) == external_id]
    if by_own:
        return Found(by_own[0].pk)
    is_entrepreneur = len(inn) == _ENTREPRENEUR
    fitting = [entity for entity in same_inn if is_entrepreneur or (kpp and entity.kpp == kpp)]
    if len(fitting) == 1:
        return Found(fitting[0].pk)
    if fitting:
        return Found(None, "на портале несколько юрлиц с такими ИНН и КПП")
    if same_inn:
        return Found(None, "ИНН известен, но с другим КПП" if kpp else "ИНН известен, в 1С не указан КПП")
    return Found(None, "на портале нет юрлица с таким ИНН")


def _restored(inn: str) -> str:
    """An ИНН that is right, if need be with the nought that a number has lost; empty for any other."""
    for text in (inn, f"0{inn}"):
        if inn_error(text) is None:
            return text
    return ""


def _noted(work: Work, party: PartyRecord, found: Found) -> ErpParty:
    """Keep the row of the queue: what a person has put aside stays there until it is matched."""
    row = ErpParty.objects.filter(node=work.node, external_id=party.external_id).first()
    if row is None:
        row = ErpParty(node=work.node, external_id=party.external_id, seen_at=work.at)
    before = (row.legal_entity_id, row.is_deleted)
    for name in ("name", "full_name", "inn", "kpp", "address", "is_deleted"):
        setattr(row, name, getattr(party, name))
    if not work.is_retry:
        row.seen_at = work.at
    row.reason, row.legal_entity_id = found.reason, found.entity_id
    if found.entity_id is not None:
        row.state = PartyState.MATCHED
    elif row.state == PartyState.MATCHED:
        row.state = PartyState.WAITING
    row.save()
    if before != (row.legal_entity_id, row.is_deleted):
        stops_settle({pk for pk in (before[0], row.legal_entity_id) if pk is not None})
    return row
