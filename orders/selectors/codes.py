"""The codes of a client's holding."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet

from catalog.models.goods import sku_name
from catalog.search.letters import code_key
from counterparties.actor import Actor
from orders.models import ClientCode


def codes_listed(*, actor: Actor, text: str = "", is_removed: bool = False) -> QuerySet[ClientCode]:
    """Codes in use, or removed ones, newest first; searched in the code, our article and name."""
    codes = ClientCode.objects.visible_to(actor).filter(removed_at__isnull=not is_removed)
    if text:
        by_good = Q(sku__product__name__icontains=text) | Q(sku__product__article__icontains=text)
        key = code_key(text)
        codes = codes.filter(by_good | Q(code__icontains=text) | (Q(key__startswith=key) if key else Q()))
    return codes.select_related("sku__product", "author", "acting_user", "upload", "removed_by").order_by(
        "-created_at", "-pk"
    )


def codes_written(actor: Actor) -> Iterator[tuple[str, str, str]]:
    """Code, our article and name of all codes in use, for a file; one query."""
    codes = ClientCode.objects.visible_to(actor).in_use().order_by("code", "pk")
    rows = codes.values_list(
        "code", "sku__article", "sku__product__article", "sku__product__name", "sku__characteristic"
    )
    for code, article, product_article, name, characteristic in rows.iterator(chunk_size=2_000):
        yield code, article or product_article, sku_name(name, characteristic)


def code_skus(*, actor: Actor, text: str) -> list[int]:
    """Skus that the holding calls so; one query, none where the text is no code or nobody's."""
    key = code_key(text)
    if actor.holding_id is None or not key:
        return []
    codes = ClientCode.objects.visible_to(actor).in_use().filter(key=key)
    return list(codes.values_list("sku_id", flat=True))
