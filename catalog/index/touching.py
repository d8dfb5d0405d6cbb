"""Triggers that note which rows of the index's sources a statement has changed.

They see bulk statements and hand-made SQL, too, and write in the transaction of the change. Nothing here
imports a model: models of any app name these triggers in their Meta.
"""

import pgtrigger

_NOTE = "INSERT INTO catalog_indextouch (kind, owner, ids)"
_ROWS = {
    "insert": "new_rows",
    "delete": "old_rows",
    "update": "(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)",
}
_OPERATIONS = {"insert": pgtrigger.Insert, "delete": pgtrigger.Delete, "update": pgtrigger.Update}
_TABLES = {
    "insert": {"new": "new_rows"},
    "delete": {"old": "old_rows"},
    "update": {"old": "old_rows", "new": "new_rows"},
}


def touches(kind: str, *, ids: str = "", owner: str = "") -> list[pgtrigger.Trigger]:
    """Note `kind` after every statement that changes the table: one row a statement, one more per owner.

    `ids` is the column with what was touched (none: the whole kind), `owner` one to keep rows apart by.
    """
    return [_trigger(kind, operation, ids, owner) for operation in _OPERATIONS]


def _trigger(kind: str, operation: str, ids: str, owner: str) -> pgtrigger.Trigger:
    rows = f"{_ROWS[operation]} AS rows" if operation == "update" else _ROWS[operation]
    if not ids:
        source = f"SELECT '{kind}', 0, NULL WHERE EXISTS (SELECT FROM {rows})"  # noqa: S608 - own names
    elif owner:
        source = f"SELECT '{kind}', {owner}, array_agg(DISTINCT {ids}) FROM {rows} GROUP BY {owner}"  # noqa: S608
    else:
        source = f"SELECT '{kind}', 0, array_agg(DISTINCT {ids}) FROM {rows} HAVING count(*) > 0"  # noqa: S608
    return pgtrigger.Trigger(
        name=f"touch_{kind}_{operation}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=_OPERATIONS[operation],
        referencing=pgtrigger.Referencing(**_TABLES[operation]),  # type: ignore[no-untyped-call]
        func=f"{_NOTE} {source}; RETURN NULL;",
    )
