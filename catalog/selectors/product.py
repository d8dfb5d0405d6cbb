"""One product with everything that its page shows, prices aside."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from catalog.models import (
    Pack,
    PaperKind,
    Picture,
    Product,
    ProductApplication,
    ProductPaper,
    ProductSection,
    PropertyValue,
    Sku,
)


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property with its values joined by commas; `unit` where the name does not tell it."""

    name: str
    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product, what of it is ordered, how it looks and what it is.

    `section_ids` are its places in all trees. `is_on_sale` is false for what 1C or an administrator
    has hidden: old orders still lead here.
    """

    product: Product
    skus: tuple[Sku, ...]
    packs: tuple[tuple[str, Decimal], ...]
    picture_ids: tuple[int, ...]
    properties: tuple[PropertyRow, ...]
    section_ids: tuple[int, ...]
    papers: tuple[ProductPaper, ...]
    applications: tuple[ProductApplication, ...]

    @property
    def is_on_sale(self) -> bool:
        return not self.product.is_hidden and bool(self.skus)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of a product on a day; one that has run out is for employees only."""

    pk: int
    title: str
    kind: str
    number: str
    valid_until: date | None
    is_valid: bool


def paper_rows(
    card: ProductCard, *, on: date, is_expired_shown: bool
) -> tuple[list[PaperRow], list[PaperRow]]:
    """Papers that prove something, and those that tell how to use the goods; as the card has loaded them."""
    proofs: list[PaperRow] = []
    guides: list[PaperRow] = []
    for paper in card.papers:
        row = PaperRow(
            pk=paper.pk,
            title=str(paper),
            kind=paper.get_kind_display(),
            number=paper.number,
            valid_until=paper.valid_until,
            is_valid=paper.is_valid_on(on),
        )
        if row.is_valid or is_expired_shown:
            is_guide = paper.kind in {PaperKind.INSTRUCTION, PaperKind.PASSPORT}
            (guides if is_guide else proofs).append(row)
    return proofs, guides


def product_card(*, product_id: int) -> ProductCard:
    """Load a product; eight queries whatever its size. Raises Product.DoesNotExist."""
    product = (
        Product.objects.select_related("brand", "unit")
        .prefetch_related(
            Prefetch("skus", Sku.objects.filter(is_hidden=False).order_by("characteristic", "pk")),
            Prefetch("packs", Pack.objects.select_related("unit").order_by("coefficient", "pk")),
            Prefetch("pictures", Picture.objects.order_by("position", "pk")),
            Prefetch("places", ProductSection.objects.order_by("pk")),
            Prefetch("papers", ProductPaper.objects.order_by("kind", "title", "pk")),
            Prefetch(
                "applications",
                ProductApplication.objects.select_related("application").order_by(
                    "application__kind",
                    "application__make",
                    "application__model",
                    "application__year_from",
                    "pk",
                ),
            ),
            Prefetch(
                "property_values",
                PropertyValue.objects.filter(property__is_hidden=False)
                .select_related("property")
                .order_by("property__name", "property_id", "number", "text"),
            ),
        )
        .get(pk=product_id)
    )
    return ProductCard(
        product=product,
        skus=tuple(product.skus.all()),
        packs=tuple((pack.unit.name, pack.coefficient) for pack in product.packs.all()),
        picture_ids=tuple(picture.pk for picture in product.pictures.all()),
        properties=_properties(product),
        section_ids=tuple(place.section_id for place in product.places.all()),
        papers=tuple(product.papers.all()),
        applications=tuple(product.applications.all()),
    )


def _properties(product: Product) -> tuple[PropertyRow, ...]:
    values: dict[tuple[str, str], list[str]] = {}
    for value in product.property_values.all():
        if value.text:
            values.setdefault((value.property.name, value.property.unit), []).append(value.text)
    return tuple(
        PropertyRow(name=name, value=", ".join(texts), unit=unit) for (name, unit), texts in values.items()
    )
