"""What the person's own words lead to: goods by a code of his company, orders and papers by their number."""

import re
from dataclasses import dataclass

from catalog.selectors import GoodsRow, goods_rows
from counterparties.actor import Actor
from documents.selectors import DocumentRow, documents_numbered
from orders.selectors.codes import code_skus
from orders.selectors.numbered import OrderFound, orders_numbered

MOST = 3
"""Orders and papers, each."""
_NUMBER = re.compile(
    r"(?P<word>(?:(?:заказ|сч[её]т|документ|накладная|упд)\s+)?(?:(?:№|n|no)\s*)?)"
    r"(?P<number>[0-9a-zа-я][0-9a-zа-я/-]{0,19})",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?=.*[0-9])[\w./\\-]{2,60}(?: [\w./\\-]{1,20})?")
"""A word or two with a digit."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """What the person may see of that number, or of one that begins so; `goods` his company calls so."""

    goods: tuple[GoodsRow, ...] = ()
    orders: tuple[OrderFound, ...] = ()
    documents: tuple[DocumentRow, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.goods or self.orders or self.documents)


def numbered(text: str, *, actor: Actor) -> Numbered:
    """Goods, orders and papers; two queries where the text may be a number, one where it may be a code."""
    goods = _coded(text, actor)
    number = number_in(text)
    if not number:
        return Numbered(goods=goods)
    return Numbered(
        goods=goods,
        orders=tuple(orders_numbered(actor=actor, number=number, most=MOST)),
        documents=tuple(documents_numbered(actor=actor, number=number, most=MOST)),
    )


def _coded(text: str, actor: Actor) -> tuple[GoodsRow, ...]:
    """The good that the person's company calls so; a query where the text may be a code, one for the good."""
    if not actor.is_client or not _CODE.fullmatch(text.strip()):
        return ()
    sku_ids = code_skus(actor=actor, text=text)
    return tuple(goods_rows(sku_ids)) if sku_ids else ()


def number_in(text: str) -> str:
    """The number of an order or a paper, where the query may be one: «заказ № B0000017», «17»."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not any("0" <= letter <= "9" for letter in found["number"]):
        return ""
    return found["number"] if found["word"] or len(found["number"]) > 1 else ""
