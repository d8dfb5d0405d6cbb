"""Tables that people send: CSV, text, XLSX, XLS, ODS; read whole or refused with a reason."""

from portal.lib.tables.contract import Layout, Row, Table, TableRefused
from portal.lib.tables.reading import table_read

__all__ = ["Layout", "Row", "Table", "TableRefused", "table_read"]
