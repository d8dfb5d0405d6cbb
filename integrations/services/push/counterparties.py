"""Контрагенты: found as those of CommerceML are, then told of a little more."""

from collections.abc import Collection

from integrations.models import ErpParty
from integrations.onec.incoming.records import PartyRecord
from integrations.push.items.counterparties import CounterpartyItem
from integrations.services.incoming.parties import party_take
from integrations.services.incoming.stops import stops_settle
from integrations.services.incoming.work import Work


def counterparty_take(work: Work, item: CounterpartyItem) -> None:
    """Find the legal entity of a counterparty or put it into the queue «Сопоставить». Idempotent."""
    kept = ErpParty.objects.filter(node=work.node, external_id=item.ref)
    # CommerceML tells the address, JSON does not
    address, partner = kept.values_list("address", "partner_external_id").first() or ("", "")
    entity_id = party_take(work, _record(item, address))
    kept.update(ogrn=item.ogrn, legal_form=item.legal_form, partner_external_id=item.partner_ref)
    if entity_id is not None and partner != item.partner_ref:
        stops_settle([entity_id])


def counterparties_missing(work: Work, refs: Collection[str]) -> None:
    """Mark those that 1C has no more; a legal entity that is in no base any more orders nothing."""
    gone = ErpParty.objects.filter(node=work.node, external_id__in=refs)
    gone.update(is_deleted=True)
    stops_settle(gone.filter(legal_entity__isnull=False).values_list("legal_entity", flat=True))


def _record(item: CounterpartyItem, address: str) -> PartyRecord:
    return PartyRecord(
        line=0,
        external_id=item.ref,
        name=item.name,
        full_name=item.full_name or item.name,
        is_person=False,
        inn=item.inn.replace(" ", ""),
        kpp=item.kpp.replace(" ", ""),
        role="",
        address=address,
        phone="",
        email="",
        is_deleted=item.deleted,
    )
