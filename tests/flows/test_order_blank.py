"""A price list goes out, quantities are typed into it, it comes back and becomes the same cart."""

import shutil
import subprocess
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from orders.models import CartLine, UploadSource
from tests.documents.price_lists.lists import list_of, make_sections, written
from tests.factories import AT, World, actor_of, make_world

uploads = pytest.importorskip("orders.services.uploads", reason="files are not read yet")
upload_carts = pytest.importorskip("orders.services.upload_carts", reason="files are not read yet")

pytestmark = pytest.mark.django_db
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
# Where the rows of goods stand: the cable (sold in parts of a metre), the bolt, the book.
TYPED = {"J11": 2.5, "J13": 10, "J15": 3}


@pytest.fixture
def world() -> World:
    made = make_world()
    make_sections(made)
    return made


def typed(content: bytes) -> bytes:
    """The blank with quantities in its yellow column, saved by openpyxl."""
    book = load_workbook(BytesIO(content))
    for place, quantity in TYPED.items():
        book.worksheets[0][place] = quantity
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def cart_of(world: World, content: bytes) -> dict[int, Decimal]:
    """What becomes of the file."""
    upload = uploads.upload_receive(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        contract_id=world.contract.pk,
        city_id=world.city.pk,
        content=content,
        name="Прайс-лист.xlsx",
        source=UploadSource.FILE,
        at=AT,
    )
    assert (upload.source, upload.state) == (UploadSource.BLANK, "ready")
    assert upload.layout["blank"]["is_intact"] is True
    assert upload.rows.exclude(state__in=["ready", "skipped"]).count() == 0
    upload_carts.upload_put(
        actor=actor_of(world.buyer),
        upload_uid=str(upload.uid),
        seen_round=upload.round,
        cart_id=None,
        is_replacing=False,
        at=AT,
    )
    return dict(CartLine.objects.values_list("sku_id", "quantity"))


def wanted(world: World) -> dict[int, Decimal]:
    bolt, cable, book = world.skus
    return {cable.pk: Decimal("2.5"), bolt.pk: Decimal(10), book.pk: Decimal(3)}


def test_blank_typed_with_openpyxl_becomes_its_cart(world: World) -> None:
    assert cart_of(world, typed(written(list_of(world)))) == wanted(world)


def test_blank_without_vat_becomes_the_same_cart(world: World) -> None:
    assert cart_of(world, typed(written(list_of(world, is_vat_included=False)))) == wanted(world)


@pytest.mark.skipif(
    SOFFICE is None, reason="no LibreOffice on this machine: apt-get install libreoffice-calc"
)
def test_blank_saved_by_libreoffice_becomes_the_same_cart(world: World, tmp_path: Path) -> None:
    blank, out = tmp_path / "blank.xlsx", tmp_path / "out"
    blank.write_bytes(typed(written(list_of(world))))
    command = [str(SOFFICE), "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(blank)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)

    assert cart_of(world, (out / "blank.xlsx").read_bytes()) == wanted(world)
