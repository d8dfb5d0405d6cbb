"""One way in for every file."""

from collections.abc import Sequence

from portal.lib.tables.boundary import book_table
from portal.lib.tables.containers import is_book
from portal.lib.tables.contract import Layout, Table, TableRefused
from portal.lib.tables.texts import text_table


def table_read(content: bytes, *, layout: Layout | None = None, hidden: Sequence[str] = ()) -> Table:
    """Read a file by what it is, whatever its name says; `hidden` names sheets to be told beside it.

    At most ten seconds and 300 MB. Raises TableRefused with a reason for the person.
    """
    layout = layout or Layout()
    if is_book(content):
        table = book_table(content, sheet=layout.sheet, hidden=hidden)
    else:
        table = text_table(content, layout)
    if not table.rows:
        raise TableRefused("В файле нет строк")
    return table
