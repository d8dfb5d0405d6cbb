"""What administrators of the invented company have put beside 1C's goods; statements over sets, quick."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from catalog.models import (
    Application,
    Classifier,
    ClassifierKind,
    Product,
    ProductApplication,
    ProductPaper,
    ProductSection,
    Property,
    Section,
    SectionFacet,
    Sku,
)
from catalog.services.brand_tree import brand_tree_build
from catalog.services.popularity import popularity_write
from integrations.demo.fiction import beside as fiction
from integrations.demo.identity import Noise
from integrations.demo.paper import paper_pdf
from portal.files.services import store
from portal.lib.sorting import name_sort_key

TREE_NAME = "По применению"

# An article ends with the sizes: the same end is the same thing by another maker, or another line of one.
_ALIKE = """
INSERT INTO catalog_productrelation (product_id, related_id, kind, position, note)
SELECT own.id, other.id, CASE WHEN own.brand_id = other.brand_id THEN 'newer' ELSE 'analog' END, 0, ''
  FROM catalog_product own
  JOIN catalog_product other ON other.kind = own.kind AND other.id > own.id
   AND substr(other.article, strpos(other.article, '-')) = substr(own.article, strpos(own.article, '-'))
 WHERE NOT own.is_hidden AND NOT other.is_hidden
ON CONFLICT DO NOTHING
"""
# What has run out everywhere gets its neighbour in the price list.
_INSTEAD = """
INSERT INTO catalog_productrelation (product_id, related_id, kind, position, note)
SELECT id, instead, 'analog', 1, 'другой размер'
  FROM (SELECT product.id, product.is_hidden,
               lead(product.id) OVER (PARTITION BY product.kind ORDER BY sort_key) AS instead,
               NOT EXISTS (SELECT FROM catalog_stock stock JOIN catalog_sku sku ON sku.id = stock.sku_id
                            WHERE sku.product_id = product.id AND stock.free > 0) AS is_out
          FROM catalog_product product) neighbours
 WHERE is_out AND NOT is_hidden AND instead IS NOT NULL
ON CONFLICT DO NOTHING
"""
_TOGETHER = """
INSERT INTO catalog_productrelation (product_id, related_id, kind, position, note)
SELECT product_id, related_id, 'accessory', place, ''
  FROM (SELECT own.product_id, other.product_id AS related_id,
               row_number() OVER (PARTITION BY own.product_id, beside.kind ORDER BY other.product_id) AS place
          FROM catalog_propertyvalue own
          JOIN catalog_property property ON property.id = own.property_id AND property.name = %s
          JOIN catalog_product product ON product.id = own.product_id AND product.kind = %s
          JOIN catalog_propertyvalue other ON other.property_id = own.property_id AND other.text = own.text
          JOIN catalog_product beside ON beside.id = other.product_id AND beside.kind = ANY(%s)
         WHERE NOT beside.is_hidden) pairs
 WHERE place <= 3
ON CONFLICT DO NOTHING
"""
_EXPECTED = """
UPDATE catalog_stock stock
   SET expected = 20 * (1 + stock.sku_id %% 12), expected_date = %s::date + (stock.sku_id %% 18)::integer
 WHERE stock.free <= 0 AND stock.sku_id %% 3 = 0 AND stock.expected = 0
"""


def beside_fill() -> None:
    """Applications, relations, papers, filters, arrivals, popularity. Idempotent."""
    today = timezone.localdate()
    _applications()
    _relations()
    _papers(today)
    _facets()
    _run(_EXPECTED, [today + timedelta(days=5)])
    brand_tree_build()
    popularity_write(
        {pk: _score(pk) for pk in Sku.objects.on_sale().order_by("pk").values_list("pk", flat=True)}
    )


def _score(sku_id: int) -> float:
    """A score by chance, the same each time: few goods are ordered often."""
    return Noise("popularity", str(sku_id)).below(1000) ** 3 / 10_000_000


def _applications() -> None:
    """Objects with their goods, and a tree of the objects kept by hand."""
    goods: dict[str, list[int]] = {}
    for pk, kind in Product.objects.filter(is_hidden=False).order_by("pk").values_list("pk", "kind"):
        goods.setdefault(kind, []).append(pk)
    tree, _is_new = Classifier.objects.get_or_create(
        name=TREE_NAME, kind=ClassifierKind.OWN, defaults={"position": 1}
    )
    links: list[ProductApplication] = []
    places: list[ProductSection] = []
    for data in fiction.APPLICATIONS:
        application, _is_new = Application.objects.get_or_create(
            kind=data.kind,
            make=data.make,
            model=data.model,
            year_from=data.year_from,
            year_to=data.year_to,
        )
        section, _is_new = Section.objects.get_or_create(
            classifier=tree, name=data.kind, defaults={"sort_key": name_sort_key(data.kind)}
        )
        for pk in (pk for kind in data.goods for pk in goods.get(kind, [])[:: data.each]):
            links.append(ProductApplication(product_id=pk, application=application))
            places.append(ProductSection(product_id=pk, section=section))
    ProductApplication.objects.bulk_create(links, ignore_conflicts=True)
    ProductSection.objects.bulk_create(places, ignore_conflicts=True)


def _relations() -> None:
    _run(_ALIKE)
    _run(_INSTEAD)
    for data in fiction.ACCESSORIES:
        _run(_TOGETHER, [data.property, data.goods, list(data.with_goods)])


def _papers(today: date) -> None:
    """One small PDF for each paper, however many goods it is of; a second run adds nothing."""
    if ProductPaper.objects.exists():
        return
    papers: list[ProductPaper] = []
    for number, data in enumerate(fiction.PAPERS, start=1):
        name, content = f"paper-{number}.pdf", paper_pdf(number)
        file = store(content=content, name=name, mime="application/pdf", source="demo")
        until = None if data.days_left is None else today + timedelta(days=data.days_left)
        goods = Product.objects.filter(kind__in=data.goods).order_by("pk").values_list("pk", flat=True)
        papers += [
            ProductPaper(
                product_id=pk,
                kind=data.kind,
                title=data.title,
                number=data.number,
                valid_until=until,
                file=file,
            )
            for pk in goods
        ]
    ProductPaper.objects.bulk_create(papers)


def _facets() -> None:
    for property_ in Property.objects.filter(unit=""):
        _name, comma, unit = property_.name.rpartition(", ")
        if comma and unit in fiction.UNITS:
            Property.objects.filter(pk=property_.pk).update(unit=unit)
    properties = dict(Property.objects.order_by("-pk").values_list("name", "pk"))
    for name, facets in fiction.FACETS.items():
        section = Section.objects.filter(name=name, classifier__kind=ClassifierKind.ERP).first()
        if section is None or section.facets.exists():
            continue
        SectionFacet.objects.bulk_create(
            SectionFacet(
                section=section,
                property_id=properties[data.property],
                position=position,
                kind=data.kind,
                is_collapsed=data.is_collapsed,
                unit=data.unit,
            )
            for position, data in enumerate(facets)
            if data.property in properties
        )


def _run(statement: str, parameters: list[Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
