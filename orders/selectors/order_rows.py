"""What a row of the list needs beside its order, as values of the same query."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, JSONObject, NullIf

from orders.models import ErpDocument, ErpLine, Order, OrderLine, OrderPart, OrderStep
from orders.states import ErpDocumentKind

_LEFT = (
    ErpDocument.objects.filter(part=OuterRef("pk"), is_deleted=False)
    .order_by()
    .values("part")
    .annotate(
        sum_left=Sum(
            Case(
                When(kind=ErpDocumentKind.SHIPMENT, then=F("total")),
                When(kind=ErpDocumentKind.RETURN, then=-F("total")),
            )
        )
    )
    .values("sum_left")
)
# Parts come as one value beside their order: no query more, however many there are. Sums travel as text,
# or JSON would make floats of them.
_PARTS = (
    OrderPart.objects.filter(order=OuterRef("pk"))
    .order_by("pk")
    .values(
        told=JSONObject(
            total=Cast("total", CharField()),
            erp_total=Cast("erp_total", CharField()),
            erp_paid_sum=Cast("erp_paid_sum", CharField()),
            erp_shipped_sum=Cast("erp_shipped_sum", CharField()),
            left=Cast(Subquery(_LEFT), CharField()),
            accepted_at="accepted_at",
            erp_formed_at="erp_formed_at",
            ships_on="ships_on",
            erp_number="erp_number",
            erp_state_text="erp_state_text",
            is_erp_aside="is_erp_aside",
            is_cancelled="is_cancelled",
            is_paid="is_paid",
            is_shipped="is_shipped",
        )
    )
)
_ERP_PAID = (
    ErpDocument.objects.filter(part__order=OuterRef("pk"), kind=ErpDocumentKind.PAYMENT, is_deleted=False)
    .order_by()
    .values("part__order")
    .values(total=Sum("total"))
)
_LAST_STEP = (
    OrderStep.objects.filter(order=OuterRef("pk"))
    .order_by("-pk")
    .values(told=JSONObject(at="at", comment="comment"))[:1]
)
_SUMS = ("total", "erp_total", "erp_paid_sum", "erp_shipped_sum")
_MOMENTS = ("accepted_at", "erp_formed_at")


def told_beside(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Annotate names, `lines_count`, `erp_lines_count`, `erp_parts`, `erp_paid`, `last_step`.

    Names alone: whole clients, firms, contracts and people beside each order cost more than the order.
    """
    return orders.annotate(
        entity_name=F("legal_entity__name"),
        holding_name=F("holding__name"),
        contract_number=F("contract__number"),
        author=Coalesce(
            NullIf("created_by__full_name", Value("")), "created_by__email", output_field=CharField()
        ),
        # A line that is split over warehouses keeps its position: to the client it is one.
        lines_count=_counted(OrderLine, "part__order", what="position"),
        erp_lines_count=_counted(ErpLine, "part__order"),
        erp_parts=ArraySubquery(_PARTS),
        erp_paid=Subquery(_ERP_PAID),
        last_step=Subquery(_LAST_STEP),
    )


def part_told(told: dict[str, Any]) -> OrderPart:
    """The part again, as far as a row of the list needs it."""
    values: dict[str, Any] = {name: value for name, value in told.items() if name != "left"}
    for name in _SUMS:
        values[name] = None if told[name] is None else Decimal(told[name])
    for name in _MOMENTS:
        values[name] = None if told[name] is None else datetime.fromisoformat(told[name])
    values["ships_on"] = None if told["ships_on"] is None else date.fromisoformat(told["ships_on"])
    return OrderPart(**values)


def _counted(model: type[OrderLine] | type[ErpLine], path: str, *, what: str = "pk") -> Subquery:
    """Count related rows without a JOIN, which would multiply those of the others."""
    rows = (
        model._default_manager.filter(**{path: OuterRef("pk")})
        .order_by()
        .values(path)
        .annotate(rows=Count(what, distinct=True))
        .values("rows")
    )
    return Subquery(rows, output_field=IntegerField())
