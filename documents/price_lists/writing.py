"""Which writer makes which format, and what its file is called."""

from collections.abc import Callable
from typing import IO

from documents.price_lists.csv_file import write_csv
from documents.price_lists.paper import PriceList, Told
from documents.price_lists.pdf import write_pdf
from documents.price_lists.xlsx import write_xlsx
from documents.states import ListFormat
from portal.files.papers import XLSX

_WRITERS: dict[ListFormat, Callable[[PriceList, IO[bytes], Told | None], int]] = {
    ListFormat.XLSX: write_xlsx,
    ListFormat.PDF: write_pdf,
    ListFormat.CSV: write_csv,
}
MIMES: dict[str, str] = {ListFormat.XLSX: XLSX, ListFormat.PDF: "application/pdf", ListFormat.CSV: "text/csv"}


def write_price_list(price_list: PriceList, target: IO[bytes], told: Told | None = None) -> int:
    """Write it in the format of its options; return how many goods it has. Raises NoFont."""
    return _WRITERS[price_list.options.format](price_list, target, told)
