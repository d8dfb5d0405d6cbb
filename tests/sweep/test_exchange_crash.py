"""kill -9 of workers, web, Redis and PostgreSQL during a load: it ends right, nothing lost or doubled."""

import time
from pathlib import Path

import psycopg
import pytest

from integrations.demo.generate import generate
from integrations.demo.options import DemoOptions
from integrations.onec.client import OneCClient
from integrations.onec.client.reports import UploadReport
from tests.sweep.crashing import CrashingSite, State, crashing_site, killings, told_by

SEED, KILLS, PAUSE = 2026, 20, 2.5
LONGEST = 900.0
NODE = (
    "from integrations.models import ExchangeNode as N; n = N(code='ut', name='УТ', username='ut');"
    " n.set_password('обмен-2026'.encode().hex()); n.save()"
)
PASSWORD = "обмен-2026".encode().hex()
STATE = {
    "products": """
        SELECT e.external_id, p.name, p.article, p.barcode, coalesce(b.name, ''), p.is_hidden
          FROM catalog_product p LEFT JOIN catalog_brand b ON b.id = p.brand_id
          JOIN integrations_externalid e ON e.kind = 'product' AND e.object_id = p.id ORDER BY 1""",
    "values": """
        SELECT e.external_id, property.name, value.raw FROM catalog_propertyvalue value
          JOIN catalog_property property ON property.id = value.property_id
          JOIN integrations_externalid e ON e.kind = 'product' AND e.object_id = value.product_id
         ORDER BY 1, 2, 3""",
    "skus": """
        SELECT e.external_id, sku.characteristic, sku.article, sku.barcode, sku.is_hidden FROM catalog_sku sku
          JOIN integrations_externalid e ON e.kind = 'product' AND e.object_id = sku.product_id
         ORDER BY 1, 2""",
    "prices": """
        SELECT e.external_id, type.name, price.amount FROM pricing_price price
          JOIN pricing_pricetype type ON type.id = price.price_type_id
          JOIN integrations_externalid e ON e.kind = 'sku' AND e.object_id = price.sku_id ORDER BY 1, 2""",
    "stock": """
        SELECT e.external_id, warehouse.name, stock.free FROM catalog_stock stock
          JOIN catalog_warehouse warehouse ON warehouse.id = stock.warehouse_id
          JOIN integrations_externalid e ON e.kind = 'sku' AND e.object_id = stock.sku_id ORDER BY 1, 2""",
    "counts": """
        SELECT (SELECT count(*) FROM catalog_product), (SELECT count(*) FROM catalog_sku),
               (SELECT count(*) FROM catalog_propertyvalue), (SELECT count(*) FROM catalog_section)""",
}

pytestmark = pytest.mark.sweep


def test_killed_load_ends_like_a_quiet_one(tmp_path: Path) -> None:
    """The seed is printed; the state is compared with that of a load that nobody disturbed."""
    export = tmp_path / "export"
    generate(export, DemoOptions(goods=1500, portion=100, pictures=False))
    with crashing_site(tmp_path / "quiet") as site:
        quiet = state_after(site, export)[0]
    with crashing_site(tmp_path / "killed") as site:
        killed_state, killed, tries = state_after(site, export, kills=KILLS)
        with psycopg.connect(site.database_url) as connection:  # the comparison sees a lost row
            connection.execute("DELETE FROM pricing_price WHERE id = (SELECT min(id) FROM pricing_price)")
        spoiled = told_by(site.database_url, STATE)
    print(f"seed {SEED}: killed {killed}; 1C began {tries} times")
    assert len(killed) == KILLS
    assert {name: len(rows) for name, rows in killed_state.items()} == {
        name: len(rows) for name, rows in quiet.items()
    }
    assert killed_state == quiet
    assert spoiled["prices"] != quiet["prices"]


def state_after(site: CrashingSite, export: Path, kills: int = 0) -> tuple[State, list[str], int]:
    """Load until 1C is content and every kill has happened; the state, who was killed, how often 1C began."""
    site.manage("shell", "-v0", "-c", NODE)
    deadline, tries = time.monotonic() + LONGEST, 0
    with killings(site, kills, SEED, PAUSE) as killed:
        while True:
            tries += 1
            report = uploaded(site, export)
            if report is not None and report.ok and len(killed) == kills:
                break
            assert time.monotonic() < deadline, report.errors if report else "no connection"
            time.sleep(0.5)
    return told_by(site.database_url, STATE), killed, tries


def uploaded(site: CrashingSite, export: Path) -> UploadReport | None:
    """A whole exchange, as 1C's schedule would start it; None when the site could not be reached."""
    client = OneCClient(f"{site.url}/1c/exchange", "ut", PASSWORD, give_up_after=120, timeout=30)
    try:
        return client.upload_folder(export)
    except OSError:
        return None
