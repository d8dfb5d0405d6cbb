"""What the exchange reads: the queue of orders, and ids under which a base knows rows."""

from collections.abc import Collection
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from integrations.models import (
    ErpPartner,
    ErpParty,
    ExchangeNode,
    ExportState,
    ExternalId,
    ExternalKind,
    OrderExport,
)
from integrations.onec.orders_xml import OrderIds
from orders.models import OrderLine
from orders.states import IN_WORK, OrderState


def exports_waiting(*, node: ExchangeNode, limit: int) -> QuerySet[OrderExport]:
    """Parts of orders that the base has not taken in their present version, oldest first.

    Those that stand, and those given up here that the base holds still: they go as cancelled.
    """
    has_goods = Exists(OrderLine.objects.filter(part=OuterRef("part"), quantity__gt=0))
    stands = Q(has_goods, part__order__state__in=IN_WORK)
    is_over = Q(part__order__state=OrderState.CANCELLED) | Q(~has_goods, part__order__state__in=IN_WORK)
    in_base = Q(part__accepted_at__isnull=False) | Q(part__erp_formed_at__isnull=False)
    lines = OrderLine.objects.select_related("sku__product", "part__order").order_by("position")
    return (
        OrderExport.objects.filter(
            node=node,
            state=ExportState.QUEUED,
            accepted_version__lt=F("version"),
        )
        .filter(stands | (is_over & in_base & Q(part__is_cancelled=False)))
        .select_related(
            "part__warehouse",
            "part__order__legal_entity",
            "part__order__contract",
            "part__order__organization",
            "part__order__delivery_service",
        )
        .prefetch_related(Prefetch("part__lines", queryset=lines))
        .order_by("queued_at", "pk")[:limit]
    )


def order_ids(*, node: ExchangeNode, exports: Collection[OrderExport]) -> OrderIds:
    """Find the ids that the documents of these parts need; three queries."""
    entities = {export.part.order.legal_entity_id for export in exports}
    known = external_ids(node=node, kind=ExternalKind.LEGAL_ENTITY, object_ids=entities)
    return OrderIds(
        skus=external_ids(
            node=node,
            kind=ExternalKind.SKU,
            object_ids={line.sku_id for export in exports for line in export.part.lines.all()},
        ),
        warehouses=external_ids(
            node=node,
            kind=ExternalKind.WAREHOUSE,
            object_ids={pk for export in exports if (pk := export.part.warehouse_id) is not None},
        ),
        legal_entities={pk: known.get(pk) or own_id("legal-entity", pk) for pk in entities},
        currency_name=node.currency_name,
        zone=node.zone,
    )


def external_ids(*, node: ExchangeNode, kind: ExternalKind, object_ids: Collection[int]) -> dict[int, str]:
    """Row -> id in the base; where a row has several, the oldest one."""
    rows = ExternalId.objects.filter(node=node, kind=kind, object_id__in=object_ids).order_by("-pk")
    return dict(rows.values_list("object_id", "external_id"))


def own_id(kind: str, pk: int) -> str:
    """A GUID of the portal's own for a row that 1C has never named: always the same one."""
    return str(uuid5(NAMESPACE_URL, f"portal:{kind}:{pk}"))


def partners_with_holding(partners: QuerySet[ErpPartner]) -> QuerySet[ErpPartner]:
    """Partners with `holding_id` and `holding_name`: those of their counterparties, where these agree.

    Derived and not kept: a person matches a counterparty anew, holdings are merged and split.
    """
    parties = ErpParty.objects.filter(
        node=OuterRef("node"), partner_external_id=OuterRef("external_id"), legal_entity__isnull=False
    )
    holding = (
        parties.order_by()
        .values("partner_external_id")
        .annotate(holdings=Count("legal_entity__holding", distinct=True))
        .filter(holdings=1)
        .annotate(pk_=Min("legal_entity__holding"), name_=Min("legal_entity__holding__name"))
    )
    return partners.annotate(
        holding_id=Subquery(holding.values("pk_")), holding_name=Subquery(holding.values("name_"))
    )
