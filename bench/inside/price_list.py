"""python -m bench.inside.price_list FORMAT ROWS: make one price list in this process, print what it took.

A process for each: what one list leaves in memory is not laid at the door of the next.
"""

import csv
import io
import json
import resource
import sys
import tempfile
import time
from typing import Any
from uuid import uuid4

import django
from reportlab.pdfgen.canvas import Canvas
from xlsxwriter import Workbook

django.setup()

from django.utils import timezone  # noqa: E402

from catalog.index.reading import Index, catalog_index  # noqa: E402
from catalog.masks import StockMask  # noqa: E402
from catalog.models import City  # noqa: E402
from counterparties.models import Contract  # noqa: E402
from documents.price_lists.fonts import REGULAR, fonts_register  # noqa: E402
from documents.price_lists.goods import Buyer  # noqa: E402
from documents.price_lists.options import ListOptions  # noqa: E402
from documents.price_lists.paper import PriceList, price_list_of  # noqa: E402
from documents.price_lists.shelves import Shelf  # noqa: E402
from documents.price_lists.writing import write_price_list  # noqa: E402
from documents.states import ListFormat  # noqa: E402

Cells = list[list[Any]]


def main(kind: str, rows: int) -> None:
    options = ListOptions(format=ListFormat(kind), is_in_stock_only=False)
    index = catalog_index()
    price_list = _of_rows(index, options, rows)
    started, worked = time.perf_counter(), time.process_time()
    with tempfile.TemporaryFile() as target:
        count = write_price_list(price_list, target)
        size = target.seek(0, io.SEEK_END)
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bare = _bare(kind, _cells(price_list))
    print(
        json.dumps(
            {
                "rows": count,
                "seconds": seconds,
                "processor": processor,
                "peak_mb": peak,
                "file_mb": size / 1e6,
                "bare": bare,
            }
        )
    )


def _of_rows(index: Index, options: ListOptions, rows: int) -> PriceList:
    """A list cut to so many rows: the catalogue has no section of a round number of goods."""
    contract = Contract.objects.select_related("organization", "legal_entity__holding").order_by("pk").first()
    city = City.objects.order_by("position", "pk").first()
    assert contract is not None
    assert city is not None
    buyer = Buyer(contract.legal_entity, contract, city, StockMask.EXACT)
    price_list = price_list_of(index, options, buyer, uid=uuid4(), name="Прайс-лист", at=timezone.now())
    listing = price_list.listing
    kept: list[Shelf] = []
    for shelf in listing.shelves:
        left = rows - sum(len(one.goods) for one in kept)
        if left <= 0:
            break
        kept.append(Shelf(shelf.title, shelf.level, shelf.goods[:left]))
    listing.shelves[:] = kept
    listing.total = sum(len(one.goods) for one in kept)
    listing._sku_ids = listing._sku_ids[: listing.total]
    return price_list


def _cells(price_list: PriceList) -> Cells:
    """The same cells, in memory."""
    return [
        [one.fill(row) if one.fill else 1 for one in price_list.columns]
        for row in price_list.rows()
        if not isinstance(row, Shelf)
    ]


def _bare(kind: str, cells: Cells) -> float:
    """Seconds of the processor that the bare library takes for them."""
    worked = time.process_time()
    with tempfile.TemporaryFile() as target:
        {"xlsx": _bare_xlsx, "csv": _bare_csv, "pdf": _bare_pdf}[kind](cells, target)
    return time.process_time() - worked


def _bare_xlsx(cells: Cells, target: Any) -> None:
    book = Workbook(target, {"constant_memory": True})
    sheet = book.add_worksheet()
    for row, line in enumerate(cells):
        for column, cell in enumerate([*line, None, "=1", 1, 1.0, 1, 0]):
            if isinstance(cell, str):
                (sheet.write_formula if cell.startswith("=") else sheet.write_string)(row, column, cell)
            elif cell is not None:
                sheet.write_number(row, column, float(cell))
    book.close()


def _bare_csv(cells: Cells, target: Any) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8")
    csv.writer(text, delimiter=";").writerows(cells)
    text.detach()


def _bare_pdf(cells: Cells, target: Any) -> None:
    fonts_register()
    canvas = Canvas(target, pageCompression=1)
    for start in range(0, len(cells), 55):
        canvas.setFont(REGULAR, 7.5)
        for row, line in enumerate(cells[start : start + 55]):
            for column, cell in enumerate(line):
                canvas.drawString(20 + column * 55, 800 - row * 13, str(cell or ""))
        canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
