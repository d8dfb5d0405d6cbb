"""A column beside a phrase: the phrase as it is compared."""

from typing import Any

from django.db import models

from catalog.phrases import phrase_normal


class NormalField(models.CharField):  # type: ignore[type-arg]
    """What `phrase_normal` makes of the field `of`; written whenever the row is saved or created in bulk.

    `update()` knows nothing of it: name both.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["editable"]
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Rare letters grow tenfold when they are taken apart.
        normal = phrase_normal(getattr(model_instance, self.of))[: self.max_length].rstrip()
        setattr(model_instance, self.attname, normal)
        return normal
