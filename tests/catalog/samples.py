"""Rows of a catalogue that the common factories do not make."""

import re
from datetime import date

from django.urls import reverse

from catalog.models import (
    Classifier,
    PaperKind,
    Picture,
    Product,
    ProductPaper,
    ProductSection,
    Property,
    PropertyValue,
    Section,
    Sku,
)
from portal.files.models import StoredFile
from portal.files.services import store
from portal.lib.sorting import name_sort_key

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


def make_section(
    name: str = "Крепёж",
    *,
    parent: Section | None = None,
    is_hidden: bool = False,
    goods: list[Sku] | None = None,
) -> Section:
    """A section of one common tree, with the products of these skus in it."""
    classifier = parent.classifier if parent else Classifier.objects.get_or_create(name="По виду")[0]
    section = Section.objects.create(
        classifier=classifier, parent=parent, name=name, sort_key=name_sort_key(name), is_hidden=is_hidden
    )
    products = {sku.product_id for sku in goods or []}
    ProductSection.objects.bulk_create(
        ProductSection(product_id=pk, section=section) for pk in sorted(products)
    )
    return section


def make_property(product: Product, name: str, *texts: str, is_hidden: bool = False) -> Property:
    described = Property.objects.create(name=name, is_hidden=is_hidden)
    for text in texts:
        PropertyValue.objects.create(product=product, property=described, raw=text, text=text)
    return described


def make_picture(product: Product, *, position: int = 0, preview: StoredFile | None = None) -> Picture:
    stored = store(content=PNG + bytes([position]), name="bolt.png", mime="image/png")
    return Picture.objects.create(
        product=product,
        source_path=f"import_files/{position}.png",
        position=position,
        file=stored,
        preview=preview,
    )


PDF = b"%PDF-1.4\n%%EOF\n"


def make_paper(
    product: Product,
    kind: str = PaperKind.CERTIFICATE,
    *,
    valid_until: date | None = None,
    number: str = "77",
) -> ProductPaper:
    return ProductPaper.objects.create(
        product=product,
        kind=kind,
        number=number,
        valid_until=valid_until,
        file=store(content=PDF + number.encode(), name="paper.pdf", mime="application/pdf"),
    )


def names(page: str) -> list[str]:
    """Names of goods in the order of the table."""
    return re.findall(r'<td class="goods-name"><a [^>]*>([^<]*)</a>', page)


def pickable(page: str) -> list[int]:
    """Skus whose quantity may be typed into the table, in its order."""
    return [int(pk) for pk in re.findall(r'name="q-(\d+)"', page)]


def prices(page: str) -> list[str]:
    found = re.findall(r'class="price">([^&]*)&nbsp;', page)
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in found]


def stocks(page: str) -> list[str]:
    return re.findall(r'class="stock[^"]*"[^>]*>([^<&]*)', page)


def address(section: Section, query: str = "") -> str:
    return reverse("catalog:section", args=[section.pk]) + query
