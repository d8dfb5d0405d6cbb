"""Lists of orders that a person keeps under a name."""

from typing import cast

from django.db import transaction

from counterparties.actor import Actor
from orders.models import OrderView
from orders.refusals import ViewRefused

MOST_VIEWS = 20
_QUERY_LENGTH = 500


@transaction.atomic
def order_view_save(*, actor: Actor, name: str, query: str) -> OrderView:
    """Keep the filters under a name; the same name takes the new ones. Raises ViewRefused."""
    name = name.replace("\0", "").strip()[:80]
    if not name:
        raise ViewRefused.nameless()
    if len(query) > _QUERY_LENGTH:
        raise ViewRefused.too_long()
    views = OrderView.objects.visible_to(actor)
    if not views.filter(name=name).exists() and views.count() >= MOST_VIEWS:
        raise ViewRefused.too_many(MOST_VIEWS)
    view, _is_new = OrderView.objects.update_or_create(
        user_id=cast(int, actor.user_id), name=name, defaults={"query": query}
    )
    return view


@transaction.atomic
def order_view_rename(*, actor: Actor, view_id: int, name: str) -> OrderView:
    """Give it another name. Raises OrderView.DoesNotExist (somebody else's), ViewRefused."""
    view = OrderView.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=view_id)
    name = name.replace("\0", "").strip()[:80]
    if not name:
        raise ViewRefused.nameless()
    if OrderView.objects.visible_to(actor).filter(name=name).exclude(pk=view_id).exists():
        raise ViewRefused.taken(name)
    view.name = name
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def order_view_default(*, actor: Actor, view_id: int, is_default: bool) -> OrderView:
    """Have the list open with this one, or with none. Raises OrderView.DoesNotExist."""
    views = list(OrderView.objects.visible_to(actor).select_for_update(of=("self",)).order_by("pk"))
    view = next((one for one in views if one.pk == view_id), None)
    if view is None:
        raise OrderView.DoesNotExist
    OrderView.objects.visible_to(actor).filter(is_default=True).update(is_default=False)
    view.is_default = is_default
    view.save(update_fields=["is_default"])
    return view


@transaction.atomic
def order_view_delete(*, actor: Actor, view_id: int) -> None:
    """Forget it. Raises OrderView.DoesNotExist."""
    OrderView.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=view_id).delete()
