"""The tree «По брендам»: made of the brands of goods, by nobody's hand."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from catalog.models import Brand, Classifier, ClassifierKind, Product, Section
from portal.lib.sorting import name_sort_key

NAME = "По брендам"
LAST = 100  # after the trees of 1C and of people, until somebody places it

# A brand and its section are one name: brands are unique by it, and 1C's ids of makers change.
_DROP_PLACES = """
DELETE FROM catalog_productsection place
 USING catalog_section section, catalog_product product
 WHERE section.id = place.section_id AND product.id = place.product_id AND section.classifier_id = %s
   AND NOT EXISTS (SELECT FROM catalog_brand brand
                    WHERE brand.id = product.brand_id AND brand.name = section.name)
"""
_ADD_PLACES = """
INSERT INTO catalog_productsection (product_id, section_id)
SELECT product.id, section.id
  FROM catalog_product product
  JOIN catalog_brand brand ON brand.id = product.brand_id
  JOIN catalog_section section ON section.classifier_id = %s AND section.name = brand.name
 WHERE NOT EXISTS (SELECT FROM catalog_productsection place
                    WHERE place.product_id = product.id AND place.section_id = section.id)
"""


@dataclass(frozen=True, slots=True)
class BrandTree:
    """What was changed: new sections, goods put into sections, goods taken out of them."""

    sections: int = 0
    placed: int = 0
    removed: int = 0


@transaction.atomic
def brand_tree_build() -> BrandTree:
    """Make the tree, or bring it up to what goods say: one section for each brand that has goods.

    Idempotent; a fixed number of statements. A section whose goods are gone stays: discounts and filters
    may hang on it, and an empty section is not shown.
    """
    defaults = {"name": NAME, "position": LAST}
    tree, _is_new = Classifier.objects.get_or_create(kind=ClassifierKind.BRANDS, defaults=defaults)
    return _filled(tree.pk)


@transaction.atomic
def brand_tree_refresh() -> BrandTree:
    """Bring the tree up to date where an administrator has made it; elsewhere do nothing. Idempotent."""
    tree = Classifier.objects.filter(kind=ClassifierKind.BRANDS).first()
    return _filled(tree.pk) if tree else BrandTree()


def _filled(tree_id: int) -> BrandTree:
    Classifier.objects.select_for_update(of=("self",)).get(pk=tree_id)  # two at once would make twins
    known = Section.objects.filter(classifier_id=tree_id, name=OuterRef("name"))
    goods = Product.objects.filter(brand=OuterRef("pk"))
    missing = Brand.objects.filter(Exists(goods), ~Exists(known)).order_by("name")
    made = Section.objects.bulk_create(
        Section(classifier_id=tree_id, name=name, sort_key=name_sort_key(name)[:300])
        for name in missing.values_list("name", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(_DROP_PLACES, [tree_id])
        removed = cursor.rowcount
        cursor.execute(_ADD_PLACES, [tree_id])
        return BrandTree(sections=len(made), placed=cursor.rowcount, removed=removed)
