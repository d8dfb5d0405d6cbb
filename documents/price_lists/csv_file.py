"""A price list for another system: heads in the first row, one row for each good, nothing around them."""

import csv
import io
from decimal import Decimal
from typing import IO

from documents.price_lists.columns import Cell, Kind
from documents.price_lists.paper import PriceList, Told
from documents.price_lists.shelves import Shelf
from portal.lib.spreadsheets import guarded

SECTION_HEAD = "Раздел"


def write_csv(price_list: PriceList, target: IO[bytes], told: Told | None = None) -> int:
    """Write it; return how many goods it has. What the encoding lacks becomes a question mark."""
    options = price_list.options
    columns = [one for one in price_list.columns if one.kind is not Kind.PICTURE]
    text = io.TextIOWrapper(
        target, encoding=options.encoding, errors="replace", newline="", write_through=False
    )
    writer = csv.writer(text, delimiter=";")
    section_head = [SECTION_HEAD] if options.is_grouped else []
    writer.writerow([*section_head, *(guarded(one.head) for one in columns)])
    section: list[str] = []
    count = 0
    for row in price_list.rows(told):
        if isinstance(row, Shelf):
            section = [guarded(row.title)] if options.is_grouped else []
            continue
        count += 1
        writer.writerow(
            [*section, *(_text(one.fill(row) if one.fill else Decimal(count)) for one in columns)]
        )
    text.detach()
    return count


def _text(cell: Cell) -> str:
    """A number as Russian spreadsheets read it."""
    if isinstance(cell, str):
        return guarded(cell)
    if cell is None:
        return ""
    plain = f"{cell:f}"
    return plain.rstrip("0").rstrip(".").replace(".", ",") if "." in plain else plain
