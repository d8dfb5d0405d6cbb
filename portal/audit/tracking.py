"""The decorator that gives a model its history."""

from collections.abc import Callable
from typing import TypeVar

import pghistory
from django.db import models
from pghistory.models import Event as HistoryEvent

Model = TypeVar("Model", bound=models.Model)


class HistoryRow(HistoryEvent):
    """One insert, update or delete of a tracked row; written by a trigger, never changed afterwards."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True
        app_label = "audit"


def tracked(*fields: str, exclude: tuple[str, ...] = ()) -> Callable[[type[Model]], type[Model]]:
    """Keep the history of a model: all its fields, or the named ones, or all but the excluded ones.

    Triggers write it, so bulk updates and hand-made SQL are recorded like everything else. A row
    holds the values after an insert or update and those before a delete, and who did it as JSON:
    `user`, `impersonator`, `request_id`, `ip`, `path`, `job`. The table `<app>_<model>history`
    refuses updates and deletes. Never track secrets: name the fields of a model that has some.
    """

    def decorate(model: type[Model]) -> type[Model]:
        return pghistory.track(  # type: ignore[no-any-return]
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            fields=list(fields) or None,
            exclude=list(exclude) or None,
            obj_field=pghistory.ObjForeignKey(related_name="+"),
            context_field=pghistory.ContextJSONField(),
            context_id_field=None,  # type: ignore[arg-type]
            append_only=True,
            base_model=HistoryRow,
            model_name=f"{model.__name__}History",
        )(model)

    return decorate
