"""Codes out of a table of two columns: the client's, and ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.index.reading import catalog_index
from catalog.search.letters import code_key
from counterparties.actor import Actor
from orders.models import CodeSource
from orders.recognition.asked import Asked
from orders.recognition.finding import known_for
from orders.services.codes import codes_remember
from portal.lib.tables import Row, table_read

_HEADS = ("код клиента", "ваш код", "наш код", "код", "code")


@dataclass(frozen=True, slots=True)
class CodesImported:
    """How many codes are new, how many rows there were, and numbers of rows that say nothing certain."""

    new: int
    rows: int
    unknown: tuple[int, ...]


def codes_import(*, actor: Actor, content: bytes, at: datetime) -> CodesImported:
    """Learn codes from the first two columns of a file: the client's code, our article, code or barcode.

    Rows whose good is not one for certain are told by number and change nothing. Raises AccessDenied,
    TableRefused.
    """
    rows = [row for row in table_read(content).rows if any(row.cells)]
    rows = rows[1:] if rows and rows[0].cells[0].lower().strip() in _HEADS else rows
    goods = _goods(rows)
    codes: dict[str, int] = {}
    unknown: list[int] = []
    for row, sku_id in zip(rows, goods, strict=True):
        if sku_id is None or not code_key(row.cells[0]):
            unknown.append(row.number)
        else:
            codes[row.cells[0][:300]] = sku_id
    new = codes_remember(actor=actor, codes=codes, source=CodeSource.IMPORT, at=at)
    return CodesImported(new, len(rows), tuple(unknown))


def _goods(rows: Sequence[Row]) -> list[int | None]:
    """The one good of each row's second column; six queries at most. No client's codes are looked at."""
    asked = [Asked(code=row.cells[1] if len(row.cells) > 1 else "") for row in rows]
    known = known_for(asked, holding_id=0, index=catalog_index())
    found: list[int | None] = []
    for one in asked:
        finds = known.find(one) if one.code else None
        is_certain = finds is not None and len(finds.goods) == 1 and not finds.is_guess
        found.append(finds.goods[0].sku_id if finds and is_certain else None)
    return found
