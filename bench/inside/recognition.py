"""A file of 5,000 rows and a paste of 1,000: read, columns found, rows recognised for a client."""

import random
from datetime import date
from io import BytesIO

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from bench.harness import Results
from bench.inside.timing import timed
from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from catalog.models import Sku
from counterparties.models import Contract
from orders.models import RowState
from orders.recognition.matching import rows_recognised
from orders.recognition.place import Place
from orders.recognition.sheets import Chosen, sheet_read

TODAY = date(2026, 11, 23)
FILE_ROWS, PASTED_ROWS = 5_000, 1_000


def measure(results: Results) -> None:
    contract = Contract.objects.select_related("legal_entity__holding__home_city").order_by("pk")[0]
    holding = contract.legal_entity.holding
    if holding.home_city is None:
        raise RuntimeError("the client of the benchmark has no city")
    place = Place(holding.pk, contract, holding.home_city, StockMask.EXACT, TODAY)
    rows = _rows(FILE_ROWS)
    book = _book(rows)
    bare = timed(lambda: CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python(), 5)
    results.add("bare calamine, 5,000 rows, p50", bare.p50, "ms")
    whole = timed(lambda: _recognised(book, place), 5)
    results.add(
        "file of 5,000 rows recognised, p50",
        whole.p50,
        "ms",
        at_most=2_000,
        ratio_to=("bare calamine", bare.p50),
    )
    pasted = "\n".join("\t".join(row) for row in rows[:PASTED_ROWS]).encode()
    paste = timed(lambda: _recognised(pasted, place), 5)
    results.add("1,000 pasted rows recognised, p50", paste.p50, "ms", at_most=2_000)
    with CaptureQueriesContext(connection) as queries:
        found = _recognised(book, place)
    results.add("queries of 5,000 rows", len(queries), "", at_most=20)
    results.add("rows that came to a good", found, "", at_least=FILE_ROWS * 0.8)


def _recognised(content: bytes, place: Place) -> int:
    """How many rows found their good."""
    sheet = sheet_read(content, Chosen())
    asked = [row.asked for row in sheet.rows if row.asked]
    found = rows_recognised(asked, place=place, index=catalog_index())
    return sum(1 for row in found if row.sku_id and row.state != RowState.CHOICE)


def _rows(count: int) -> list[list[str]]:
    """Rows by article, by barcode, by name, and some that nobody knows."""
    chance = random.Random(7)
    skus = list(Sku.objects.on_sale().select_related("product").order_by("pk")[: count * 4 : 4])
    rows = [["Артикул", "Наименование", "Количество", "Ед."]]
    for sku in skus:
        article = sku.article or sku.product.article
        code, name = chance.choice(
            [(article, sku.name), (article.lower(), ""), (sku.product.barcode or article, ""), ("", sku.name)]
        )
        if chance.random() < 0.05:
            code, name = f"НЕТ-{chance.randrange(10**6)}", "Товар, которого нет"
        rows.append([code, name, str(chance.randint(1, 20)), "шт"])
    return rows


def _book(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet()
    for row in rows:
        page.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()
