"""The person's own orders and papers, where the words of a search may be the number of one."""

import re
from dataclasses import dataclass

from counterparties.actor import Actor
from documents.selectors import DocumentRow, documents_numbered
from orders.selectors.numbered import OrderFound, orders_numbered

MOST = 3
"""Orders and papers, each."""
_NUMBER = re.compile(
    r"(?P<word>(?:(?:заказ|сч[её]т|документ|накладная|упд)\s+)?(?:(?:№|n|no)\s*)?)"
    r"(?P<number>[0-9a-zа-я][0-9a-zа-я/-]{0,19})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the person may see of that number, or of one that begins so."""

    orders: tuple[OrderFound, ...] = ()
    documents: tuple[DocumentRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.orders or self.documents)


def numbered(text: str, *, actor: Actor) -> Numbered:
    """Orders and papers; two queries where the text may be a number, else none."""
    number = number_in(text)
    if not number:
        return Numbered()
    return Numbered(
        orders=tuple(orders_numbered(actor=actor, number=number, most=MOST)),
        documents=tuple(documents_numbered(actor=actor, number=number, most=MOST)),
    )


def number_in(text: str) -> str:
    """The number of an order or a paper, where the query may be one: «заказ № B0000017», «17»."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not any("0" <= letter <= "9" for letter in found["number"]):
        return ""
    return found["number"] if found["word"] or len(found["number"]) > 1 else ""
