"""How a person looks at a list: view, page size, columns, density; remembered for each section."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Self, cast

from django.utils.translation import gettext_lazy as _

from accounts.looks import look_of, look_remember
from accounts.models import User
from catalog.web.choice import SIZES, VIEWS, Choice
from counterparties.web.middleware import PortalRequest

COLUMNS = {
    "photo": _("Фото"),
    "article": _("Артикул"),
    "brand": _("Бренд"),
    "pack": _("Упаковка"),
    "recommended": _("РРЦ и наценка"),
    "warehouses": _("Остаток по складам"),
    "bought": _("Последний заказ"),
}
_USUAL = ("photo", "article", "brand", "pack")


@dataclass(frozen=True, slots=True)
class Look:
    """What of it was chosen; columns in the order of the table, for the view «table» only."""

    view: str = "table"
    size: int = SIZES[0]
    columns: tuple[str, ...] = _USUAL
    is_compact: bool = False

    @classmethod
    def remembered(cls, kept: dict[str, Any]) -> Self:
        """Understand what was kept, perhaps by another version of the portal."""
        usual, columns = cls(), kept.get("columns")
        known = columns if isinstance(columns, list) else usual.columns
        return cls(
            view=kept["view"] if kept.get("view") in VIEWS else usual.view,
            size=kept["size"] if kept.get("size") in SIZES else usual.size,
            columns=tuple(name for name in COLUMNS if name in known),
            is_compact=kept.get("is_compact") is True,
        )


def look_for(request: PortalRequest, name: str, choice: Choice) -> Look:
    """The remembered look of a list, changed by what the address says; a change is remembered.

    Nothing is while somebody looks with another's eyes or works in another's name.
    """
    user = cast(User, request.user)
    known = Look.remembered(look_of(user, name))
    look = replace(known, view=choice.view or known.view, size=choice.size or known.size)
    if look != known:
        remember(request, name, look)
    return look


def remember(request: PortalRequest, name: str, look: Look) -> None:
    if request.visit is None and request.previewed is None and request.user.pk is not None:
        look_remember(user_id=request.user.pk, name=name, look=asdict(look))
