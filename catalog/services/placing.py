"""Goods put into sections and under applications by their articles, as administrators have them in a list."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from catalog.models import (
    Application,
    Classifier,
    ClassifierKind,
    Product,
    ProductApplication,
    ProductSection,
    Section,
)


class NotOwnSection(Exception):
    """The section is 1C's or made of brands: its goods are not placed by hand."""


@dataclass(frozen=True, slots=True)
class Placed:
    """How many goods were found by the articles, and which articles nobody has."""

    found: int
    unknown: tuple[str, ...]


@transaction.atomic
def section_goods_add(*, section_id: int, articles: Iterable[str]) -> Placed:
    """Put goods into a section kept by hand; those that lie there stay. Idempotent.

    An article of several goods means all of them. Raises NotOwnSection.
    """
    section = _own(section_id)
    placed, products = _by_articles(articles)
    ProductSection.objects.bulk_create(
        [ProductSection(section=section, product_id=pk) for pk in products], ignore_conflicts=True
    )
    return placed


@transaction.atomic
def section_goods_remove(*, section_id: int, product_ids: Collection[int]) -> int:
    """Take goods out of a section kept by hand; return how many lay there. Raises NotOwnSection."""
    section = _own(section_id)
    removed, _by_model = ProductSection.objects.filter(section=section, product_id__in=product_ids).delete()
    return removed


@transaction.atomic
def application_goods_add(*, application_id: int, articles: Iterable[str]) -> Placed:
    """Say of goods that they fit; those that did before keep their notes. Idempotent."""
    application = Application.objects.get(pk=application_id)
    placed, products = _by_articles(articles)
    ProductApplication.objects.bulk_create(
        [ProductApplication(application=application, product_id=pk) for pk in products],
        ignore_conflicts=True,
    )
    return placed


def _own(section_id: int) -> Section:
    section = Section.objects.select_related("classifier").get(pk=section_id)
    if section.classifier.kind != ClassifierKind.OWN:
        raise NotOwnSection(section.name)
    Classifier.objects.select_for_update(of=("self",)).get(pk=section.classifier_id)
    return section


def _by_articles(articles: Iterable[str]) -> tuple[Placed, list[int]]:
    asked = list(dict.fromkeys(article.strip() for article in articles if article.strip()))
    rows = list(Product.objects.filter(article__in=asked).order_by("pk").values_list("pk", "article"))
    known = {article for _pk, article in rows}
    unknown = tuple(article for article in asked if article not in known)
    return Placed(found=len(rows), unknown=unknown), [pk for pk, _article in rows]
