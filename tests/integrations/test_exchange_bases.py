"""Two bases at once and one base twice at once, with real workers: nothing is lost, doubled or stuck."""

import threading
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product, Stock
from integrations.models import ExchangeFile, ExchangeNode, ExternalId, FileState
from integrations.onec.client import OneCClient
from integrations.onec.client.reports import UploadReport
from portal.outbox.models import Job
from pricing.models import Price
from tests.integrations.onec_talk import PASSWORD, catalog, good, make_node, offer, package, price
from tests.processes import celery_worker

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]

GOODS = 600


@pytest.fixture
def bases(live_server: LiveServer, tmp_path: Path) -> object:
    """Two bases, and two worker processes for them."""
    with celery_worker(tmp_path):
        yield make_node("ut"), make_node("erp")


def guid(number: int) -> str:
    return f"bd8c4e15-18f9-11e7-80c2-{number:012}"


def export(path: Path, *, name: str, amount: str = "10.50", formed: str = "2026-11-20T10:00:00") -> Path:
    """Goods and offers; the same ids in each base, as in copies of one base."""
    path.mkdir()
    goods = [good(guid(number), f"{name} {number}", article=f"{number}") for number in range(GOODS)]
    offers = [offer(guid(number), name="", prices=price(amount)) for number in range(GOODS)]
    (path / "import0_1.xml").write_text(catalog(*goods, formed=formed))
    (path / "offers0_1.xml").write_text(package(*offers, formed=formed))
    return path


def at_once(live_server: LiveServer, *uploads: tuple[ExchangeNode, Path]) -> list[UploadReport]:
    """Upload folders at the same time, as so many 1C would; their reports in the same order."""
    reports: dict[int, UploadReport] = {}
    ready = threading.Barrier(len(uploads))

    def upload(place: int, node: ExchangeNode, folder: Path) -> None:
        client = OneCClient(f"{live_server.url}/1c/exchange", node.username, PASSWORD, give_up_after=120)
        ready.wait(30)
        reports[place] = client.upload_folder(folder)

    threads = [threading.Thread(target=upload, args=(place, *told)) for place, told in enumerate(uploads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return [reports[place] for place in range(len(uploads))]


def of(node: ExchangeNode, kind: str) -> set[int]:
    return set(ExternalId.objects.filter(node=node, kind=kind).values_list("object_id", flat=True))


def amounts(node: ExchangeNode) -> set[float]:
    prices = Price.objects.filter(sku__in=of(node, "sku"))
    assert prices.count() == GOODS
    return {float(amount) for amount in prices.values_list("amount", flat=True)}


def attempts() -> set[int]:
    """How often loads were begun: a deadlock would have one begun again."""
    return set(Job.objects.filter(queue="exchange").values_list("attempts", flat=True))


def test_two_bases_load_at_once(
    live_server: LiveServer, bases: tuple[ExchangeNode, ExchangeNode], tmp_path: Path
) -> None:
    ut, erp = bases

    reports = at_once(
        live_server,
        (ut, export(tmp_path / "a", name="Болт")),
        (erp, export(tmp_path / "b", name="Гайка", amount="20")),
    )

    assert [report.errors for report in reports] == [[], []]
    assert attempts() == {1}
    assert (of(ut, "product") & of(erp, "product"), of(ut, "sku") & of(erp, "sku")) == (set(), set())
    assert (amounts(ut), amounts(erp)) == ({10.5}, {20})
    assert Product.objects.filter(pk__in=of(ut, "product"), name__startswith="Болт ").count() == GOODS
    assert Product.objects.filter(pk__in=of(erp, "product"), name__startswith="Гайка ").count() == GOODS
    assert Stock.objects.count() == 4 * GOODS


def test_one_base_twice_at_once_is_as_if_one_after_the_other(
    live_server: LiveServer, bases: tuple[ExchangeNode, ExchangeNode], tmp_path: Path
) -> None:
    """Whichever comes first, the file that was formed later has the last word on prices."""
    ut, _erp = bases

    reports = at_once(
        live_server,
        (ut, export(tmp_path / "a", name="Болт", amount="11", formed="2026-11-21T10:00:00")),
        (ut, export(tmp_path / "b", name="Болт")),
    )

    assert [report.errors for report in reports] == [[], []]
    assert attempts() == {1}
    assert (Product.objects.count(), Stock.objects.count()) == (GOODS, 2 * GOODS)
    assert amounts(ut) == {11}


def test_broken_base_stops_no_other(
    live_server: LiveServer, bases: tuple[ExchangeNode, ExchangeNode], tmp_path: Path
) -> None:
    ut, erp = bases
    broken = export(tmp_path / "a", name="Болт")
    whole = (broken / "import0_1.xml").read_text()
    (broken / "import0_1.xml").write_text(whole[: len(whole) - 300])

    reports = at_once(live_server, (ut, broken), (erp, export(tmp_path / "b", name="Гайка")))

    assert "import0_1.xml" in reports[0].errors[0]
    assert reports[1].errors == []
    assert of(ut, "product") == set()
    assert amounts(erp) == {10.5}
    assert set(ExchangeFile.objects.filter(session__node=erp).values_list("state", flat=True)) == {
        FileState.DONE
    }
