"""The history of one row, ready to be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, in words; `before` is empty for a new row."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a row: when, by whom, entered by whom, and what it changed."""

    at: datetime
    action: str
    user: str
    impersonator: str
    request_id: str
    job: str
    changes: tuple[FieldChange, ...]


def history_for(obj: models.Model, *, limit: int = 100) -> list[HistoryLine]:
    """Tell the latest changes of a tracked row, newest first; two queries."""
    return history_of(type(obj), obj.pk, limit=limit)


def history_of(model: type[models.Model], pk: object, *, limit: int = 100) -> list[HistoryLine]:
    """The same for a row that may be deleted by now."""
    history = model.pgh_event_model  # type: ignore[attr-defined]
    # One row more than asked for, only to compare the oldest one with.
    rows = list(history.objects.filter(pgh_obj_id=pk).order_by("-pgh_id")[: limit + 1])
    people = _people(rows)
    return [_line(row, before, people) for row, before in pairwise([*rows, None])][:limit]


def _people(rows: Iterable[Any]) -> dict[int, str]:
    contexts = [row.pgh_context or {} for row in rows]
    pks = {context.get(part) for context in contexts for part in ("user", "impersonator")} - {None}
    return {pk: str(user) for pk, user in get_user_model()._default_manager.in_bulk(pks).items()}


def _line(row: Any, before: Any | None, people: dict[int, str]) -> HistoryLine:
    context = row.pgh_context or {}
    return HistoryLine(
        at=row.pgh_created_at,
        action=_actions()[row.pgh_label],
        user=people.get(context.get("user", 0), ""),
        impersonator=people.get(context.get("impersonator", 0), ""),
        request_id=context.get("request_id", ""),
        job=context.get("job", ""),
        changes=() if row.pgh_label == "delete" else tuple(_changes(row, before)),
    )


def _actions() -> dict[str, str]:
    return {"insert": _("создано"), "update": _("изменено"), "delete": _("удалено")}


def _changes(row: Any, before: Any | None) -> Iterable[FieldChange]:
    for field in row._meta.concrete_fields:
        if field.name.startswith("pgh_"):
            continue
        new = getattr(row, field.attname)
        old = getattr(before, field.attname) if before is not None else None
        if new != old:
            name = capfirst(str(field.verbose_name))
            yield FieldChange(field=name, before=_shown(field, old), after=_shown(field, new))


def _shown(field: "models.Field[Any, Any]", value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    return str(dict(field.flatchoices).get(value, localize(value)))
