"""Orders that were made out in 1C: taken in when it is sure whose they are, else kept until it is."""

import re
from dataclasses import dataclass
from datetime import date

from catalog.models import Warehouse
from counterparties.models import Contract
from integrations.models import ExternalKind
from integrations.onec.incoming.records import DocumentRecord
from integrations.onec.incoming.requisites import folded
from integrations.services.incoming.matching import own_number
from integrations.services.incoming.parties import party_take
from integrations.services.incoming.work import Work
from orders.erp import ErpBirth
from orders.models import OrderPart
from orders.services.erp_orders import erp_order_create

_DELIVERY_UNKNOWN = "Оформлен в 1С"
_WORDS = re.compile(r"[^0-9a-zа-я]+")


class Undecided(Exception):
    """What is missing, in Russian, for the administrator."""


@dataclass(frozen=True, slots=True)
class _Terms:
    entity_id: int
    contract_id: int


def order_born(work: Work, document: DocumentRecord) -> OrderPart:
    """Make an order of a document that is new here. Raises Undecided: nothing is guessed for money."""
    number = document.erp_number or document.number
    if not document.external_id or not number:
        raise Undecided("у документа нет Ид или номера")
    if own_number(document.number):
        raise Undecided(f"номер {document.number} выдан порталом, но такого заказа нет")
    if document.made_at is None:
        raise Undecided("у документа нет даты")
    terms = _terms(work, document)
    birth = ErpBirth(
        legal_entity_id=terms.entity_id,
        contract_id=terms.contract_id,
        warehouse_id=_warehouse_id(work, document),
        number=number,
        made_at=document.made_at,
        currency=document.currency,
        delivery_text=document.delivery or _DELIVERY_UNKNOWN,
        comment=document.comment,
        client_reference=document.client_reference,
    )
    part = erp_order_create(birth=birth, at=work.at)
    work.learn(ExternalKind.ORDER_PART, document.external_id, part.pk)
    return part


def _terms(work: Work, document: DocumentRecord) -> _Terms:
    if document.buyer is None:
        raise Undecided("не указан покупатель")
    entity_id = party_take(work, document.buyer)
    if entity_id is None:
        raise Undecided(f"контрагент «{document.buyer.label}» не сопоставлен с юрлицом")
    contracts = list(
        Contract.objects.filter(legal_entity_id=entity_id, organization__exchange_nodes=work.node)
        .select_related("organization")
        .order_by("pk")
    )
    if document.organization:
        wanted = _key(document.organization)
        contracts = [
            contract
            for contract in contracts
            if wanted in {_key(contract.organization.name), _key(contract.organization.full_name)}
        ]
    if document.contract:
        contracts = [contract for contract in contracts if _is_named(contract, document.contract)]
    if len(contracts) == 1:
        return _Terms(entity_id, contracts[0].pk)
    told = f" «{document.contract}»" if document.contract else ""
    if not contracts:
        raise Undecided(f"у юрлица нет на портале договора{told} с этой организацией")
    raise Undecided(f"договор{told} не определён: подходит {len(contracts)}")


def _is_named(contract: Contract, text: str) -> bool:
    """Договор of 1C is free text: its number has to stand in it as a word, and its date where one does."""
    words, number = _words(text), _words(contract.number)
    is_there = any(words[place : place + len(number)] == number for place in range(len(words)))
    return is_there and (not _dates(text) or contract.date in _dates(text))


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.split(text.lower().replace("ё", "е")) if word]


def _dates(text: str) -> set[date]:
    found = set()
    for day, month, year in re.findall(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def _warehouse_id(work: Work, document: DocumentRecord) -> int | None:
    """By 1C's id, else by the very name; unknown is unknown."""
    known = work.known(ExternalKind.WAREHOUSE, document.warehouse_id)
    if known is not None or not document.warehouse_name:
        return known
    found = list(Warehouse.objects.filter(name__iexact=document.warehouse_name)[:2])
    return found[0].pk if len(found) == 1 else None


def _key(name: str) -> str:
    return re.sub(r"[«»\"'„“]", "", folded(name))
