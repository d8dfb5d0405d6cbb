"""Carts and orders follow their legal entity."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from orders.code_copies import codes_copy
from orders.models import (
    Cart,
    CartLine,
    Claim,
    ListWatch,
    Order,
    Pad,
    Pick,
    PickSheet,
    PriceWatch,
    Quote,
    ShipmentRequest,
    Upload,
)

_NAME_LENGTH = 100


class OrderRows:
    """Carts keep their lines, orders their frozen prices; only the party changes."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        carts = Cart.objects.filter(legal_entity__in=entity_ids, lines__isnull=False).distinct()
        orders = Order.objects.filter(legal_entity__in=entity_ids)
        total = orders.aggregate(total=Sum("total"))["total"] or Decimal("0.00")
        return [
            Held(_("Корзины с товарами"), tuple(carts.order_by("pk").values_list("pk", flat=True))),
            Held(_("Заказы"), tuple(orders.order_by("pk").values_list("pk", flat=True)), total=total),
        ]

    def absorb(self, absorption: Absorption) -> None:
        self._carts_absorb(absorption)
        self._picks_absorb(absorption)
        self._pads_absorb(absorption)
        self._watches_absorb(absorption)
        for own, twin in absorption.contracts.items():
            Upload.objects.filter(contract_id=own).update(contract_id=twin)
        Upload.objects.filter(legal_entity_id=absorption.source_id).update(
            legal_entity_id=absorption.target_id
        )
        orders = Order.objects.filter(legal_entity_id=absorption.source_id)
        list(orders.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        for own, twin in absorption.contracts.items():
            orders.filter(contract_id=own).update(contract_id=twin)
        orders.update(legal_entity_id=absorption.target_id)
        requests = ShipmentRequest.objects.filter(legal_entity_id=absorption.source_id)
        for own, twin in absorption.contracts.items():
            requests.filter(contract_id=own).update(contract_id=twin)
        requests.update(legal_entity_id=absorption.target_id)
        quotes = Quote.objects.filter(legal_entity_id=absorption.source_id)
        for own, twin in absorption.contracts.items():
            quotes.filter(contract_id=own).update(contract_id=twin)
        quotes.update(legal_entity_id=absorption.target_id)
        claims = Claim.objects.filter(legal_entity_id=absorption.source_id)
        claims.update(legal_entity_id=absorption.target_id)

    def relocate(self, relocation: Relocation) -> None:
        orders = Order.objects.filter(legal_entity__in=relocation.entity_ids)
        list(orders.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        orders.update(holding_id=relocation.holding_id)
        Quote.objects.filter(legal_entity__in=relocation.entity_ids).update(holding_id=relocation.holding_id)
        claims = Claim.objects.filter(legal_entity__in=relocation.entity_ids)
        claims.update(holding_id=relocation.holding_id)
        codes_copy(relocation)

    def _watches_absorb(self, absorption: Absorption) -> None:
        """What a person waits for on the terms of both firms he waits for once."""
        for kind, what in ((PriceWatch, "sku_id"), (ListWatch, "digest")):
            rows = kind._default_manager.filter(
                legal_entity__in=[absorption.source_id, absorption.target_id]
            ).order_by("pk")
            watches: list[Any] = list(rows.select_for_update(of=("self",)))
            taken = {
                (one.user_id, one.contract_id, one.city_id, getattr(one, what))
                for one in watches
                if one.legal_entity_id == absorption.target_id
            }
            for one in watches:
                if one.legal_entity_id != absorption.source_id:
                    continue
                contract_id = absorption.contracts.get(one.contract_id, one.contract_id)
                place = (one.user_id, contract_id, one.city_id, getattr(one, what))
                if place in taken:
                    one.delete()
                    continue
                taken.add(place)
                one.legal_entity_id, one.contract_id = absorption.target_id, contract_id
                one.save(update_fields=["legal_entity", "contract"])

    def _carts_absorb(self, absorption: Absorption) -> None:
        """Where a person gathers a cart under the same contract already, the other one comes beside it.

        Nothing is mixed: the second is saved under the name of the merged firm. An empty cart gives way.
        """
        rows = list(
            Cart.objects.select_for_update(of=("self",))
            .filter(legal_entity__in=[absorption.source_id, absorption.target_id])
            .order_by("pk")
        )
        full = set(CartLine.objects.filter(cart__in=rows).values_list("cart_id", flat=True))
        own = [cart for cart in rows if cart.legal_entity_id == absorption.target_id and cart.is_current]
        taken = {_place(cart): cart for cart in own}
        coming = [cart for cart in rows if cart.legal_entity_id == absorption.source_id]
        for cart in coming:
            cart.legal_entity_id, cart.updated_at = absorption.target_id, absorption.at
            cart.contract_id = absorption.contracts.get(cart.contract_id, cart.contract_id)
        yielding = []
        for cart in coming:
            other = taken.get(_place(cart)) if cart.is_current else None
            if other is None:
                continue
            if cart.pk in full and other.pk not in full:
                yielding.append(other.pk)
            else:
                cart.is_current = False
                cart.name = f"{cart.name}: {absorption.source_name}"[:_NAME_LENGTH]
        Cart.objects.filter(pk__in=yielding).update(is_current=False)
        Cart.objects.bulk_update(coming, ["legal_entity", "contract", "updated_at", "is_current", "name"])

    def _picks_absorb(self, absorption: Absorption) -> None:
        """Typed quantities follow; where both firms have one for the same good, that of the target stays."""
        rows = list(
            PickSheet.objects.select_for_update(of=("self",))
            .filter(legal_entity__in=[absorption.source_id, absorption.target_id])
            .order_by("pk")
        )
        taken = {_place(sheet): sheet for sheet in rows if sheet.legal_entity_id == absorption.target_id}
        for sheet in rows:
            if sheet.legal_entity_id != absorption.source_id:
                continue
            sheet.contract_id = absorption.contracts.get(sheet.contract_id, sheet.contract_id)
            other = taken.get(_place(sheet))
            if other is None:
                sheet.legal_entity_id = absorption.target_id
                sheet.save(update_fields=["legal_entity", "contract"])
                continue
            known = Pick.objects.filter(sheet=other).values("sku")
            Pick.objects.filter(sheet=sheet).exclude(sku__in=known).update(sheet=other)
            sheet.delete()

    def _pads_absorb(self, absorption: Absorption) -> None:
        """Rows of quick orders follow; where both firms have some, they stand below those of the target."""
        pads = Pad.objects.select_for_update(of=("self",)).order_by("pk")
        rows = list(pads.filter(legal_entity__in=[absorption.source_id, absorption.target_id]))
        taken = {_place(pad): pad for pad in rows if pad.legal_entity_id == absorption.target_id}
        for pad in rows:
            if pad.legal_entity_id != absorption.source_id:
                continue
            pad.contract_id = absorption.contracts.get(pad.contract_id, pad.contract_id)
            other = taken.get(_place(pad))
            if other is None:
                pad.legal_entity_id = absorption.target_id
                pad.save(update_fields=["legal_entity", "contract"])
                continue
            other.rows = [*other.rows, *pad.rows]
            other.save(update_fields=["rows"])
            pad.delete()


def _place(cart: Cart | PickSheet | Pad) -> tuple[int, int, int, int | None]:
    return (cart.user_id, cart.contract_id, cart.city_id, cart.drafted_by_id)


follow(OrderRows())
