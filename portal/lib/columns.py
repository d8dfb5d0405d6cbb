"""Objects out of hand-written SQL.

Django puts a query together anew for every request; for the two that stand before every page this takes
longer than the database needs for them.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, models

M = TypeVar("M", bound=models.Model)


class Columns(Generic[M]):
    """All columns of a model under an alias of the query, and the object that they make.

    `sql` stands in the list of a SELECT; `first` is the place of the first of them in its rows.
    """

    def __init__(self, model: type[M], alias: str, *, first: int) -> None:
        fields = model._meta.concrete_fields
        unread = [field.name for field in fields if hasattr(field, "from_db_value")]
        if unread:
            raise TypeError(f"{model.__name__} has fields that Django must read itself: {unread}")
        self.model, self.names = model, [field.attname for field in fields]
        self.sql = ", ".join(f'{alias}."{field.column}"' for field in fields)
        self.first, self.end = first, first + len(fields)

    def read(self, row: Sequence[Any]) -> M:
        return self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.first : self.end])

    def read_joined(self, row: Sequence[Any]) -> M | None:
        """The same of an outer join: None where nothing was joined."""
        return None if row[self.first] is None else self.read(row)
