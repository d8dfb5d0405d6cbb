"""From the bytes of a file to the rows of an upload."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.index.reading import catalog_index
from catalog.search.letters import code_key
from orders.blank import SKU_HEAD
from orders.models import RowState, Upload, UploadRow, UploadSource, UploadState
from orders.recognition.asked import Asked, Recognised
from orders.recognition.matching import rows_recognised
from orders.recognition.place import Place
from orders.recognition.sheets import Chosen, Sheet, SheetRow, sheet_read
from portal.lib.dates import moscow_date
from portal.lib.tables import TableRefused

PORTION = 2_000
"""So many rows are recognised in one request; longer files go to a worker, portion by portion."""


def upload_read(content: bytes, layout: dict[str, Any]) -> Sheet | TableRefused:
    """Read a file as the layout wants it; a refusal is an answer too."""
    try:
        return sheet_read(content, Chosen.of(layout))
    except TableRefused as refusal:
        return refusal


def reading_note(upload: Upload, found: Sheet | TableRefused, layout: dict[str, Any]) -> None:
    """Write down how a file was read, or why it was not; rows follow."""
    upload.rows_done = 0
    if isinstance(found, TableRefused):
        upload.state, upload.fault = UploadState.FAILED, str(found)[:500]
        upload.layout, upload.row_count = layout, 0
        return
    upload.state, upload.fault = UploadState.WAITING, ""
    upload.layout, upload.row_count = found.told(), len(found.rows)
    if found.blank is not None:
        upload.source = UploadSource.BLANK


def rows_write(upload: Upload, rows: Sequence[SheetRow], *, taken: dict[int, Decimal], at: datetime) -> None:
    """Recognise a portion of rows and keep them; at most thirteen queries and the writes."""
    place = Place.of_upload(upload, on=moscow_date(at))
    asking = [row.asked for row in rows if row.asked is not None]
    found = iter(rows_recognised(asking, place=place, index=catalog_index(), taken=taken))
    UploadRow.objects.bulk_create(
        [_row(upload, row, next(found) if row.asked is not None else _passed_over(row)) for row in rows],
        batch_size=PORTION,
    )
    upload.rows_done += len(rows)


def _passed_over(row: SheetRow) -> Recognised:
    return Recognised(RowState.SKIPPED, message=row.skipped)


def _row(upload: Upload, row: SheetRow, found: Recognised) -> UploadRow:
    asked = row.asked or Asked()
    return UploadRow(
        upload=upload,
        position=row.number,
        cells=list(row.cells),
        state=found.state,
        code=asked.code[:300],
        name=asked.name[:500],
        quantity_text=asked.quantity[:100],
        unit_text=asked.unit[:50],
        found_by=found.found_by,
        sku_id=found.sku_id,
        quantity=found.quantity,
        factor=found.factor,
        price_then=row.price_then,
        candidates=list(found.candidates),
        message=found.message[:500],
    )


def row_asked(row: UploadRow, upload: Upload) -> Asked:
    """What a kept row asks for; that of an order blank by its hidden id."""
    sku_id = _blank_id(row, upload) if "blank" in upload.layout else None
    return Asked(row.code, row.name, row.quantity_text, row.unit_text, sku_id)


def _blank_id(row: UploadRow, upload: Upload) -> int | None:
    heads = upload.layout.get("heads", [])
    place = heads.index(SKU_HEAD) if SKU_HEAD in heads else len(row.cells)
    text = row.cells[place] if place < len(row.cells) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def client_code(row: UploadRow) -> str:
    """What the client calls the good of a row: his code, else his name of it; empty where it has neither."""
    text = row.code or row.name[:300]
    return text if code_key(text) else ""
