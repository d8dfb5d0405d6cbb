"""Goods that a full export did not bring: hidden softly, and only when nothing speaks against it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from integrations.models import ExchangeNode, ExchangeRun, ExchangeSession, RunState, SeenGood
from integrations.services.runs import runs_close
from tests.factories import make_user
from tests.integrations.onec_talk import Talk, catalog, good, make_node

pytestmark = pytest.mark.django_db

NUMBERS = range(20)
LATER = timedelta(minutes=16)


def guid(number: int) -> str:
    return f"bd8c4e15-18f9-11e7-80c2-{number:012}"


def goods(*numbers: int, is_whole: bool = True, name: str = "cat") -> str:
    text = catalog(*(good(guid(number), f"Гайка {number}") for number in numbers))
    text = text.replace("<Ид>cat</Ид>", f"<Ид>{name}</Ид>")
    return text if is_whole else text.replace('Изменения="false"', 'Изменения="true"')


def hidden() -> list[str]:
    return list(Product.objects.filter(is_hidden=True).order_by("pk").values_list("name", flat=True))


def fresh(talk: Talk) -> Talk:
    """The next session, after a pause longer than those inside of an export."""
    for model, fields in ((ExchangeSession, ("started_at", "seen_at")), (SeenGood, ("seen_at",))):
        for row in model.objects.all():
            moved = {field: getattr(row, field) - timedelta(hours=1) for field in fields}
            model.objects.filter(pk=row.pk).update(**moved)
    for run in ExchangeRun.objects.all():
        run.started_at, run.seen_at, run.since = (
            moment - timedelta(hours=1) for moment in (run.started_at, run.seen_at, run.since)
        )
        run.save()
    return Talk(talk.client, talk.node).start()


def over() -> datetime:
    """A moment when nothing has come for long enough."""
    return timezone.now() + LATER


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """A base that hides what is missing and has brought twenty goods in a finished run."""
    ExchangeNode.objects.update(is_missing_hidden=True)
    talk.node.refresh_from_db()
    talk.load("import0_1.xml", goods(*NUMBERS))
    runs_close(at=over())
    return fresh(talk)


def test_full_export_in_portions_hides_what_did_not_come_and_shows_it_when_it_does(talk: Talk) -> None:
    talk.load("import0_1.xml", goods(*NUMBERS[:10]))
    portion = Talk(talk.client, talk.node).start()
    portion.load("import0_2.xml", goods(*NUMBERS[10:18], is_whole=False))

    early = runs_close(at=timezone.now() + timedelta(minutes=14))
    before = hidden()
    closed = runs_close(at=over())

    run = ExchangeRun.objects.latest("pk")
    assert (early, before, closed) == (0, [], 1)
    assert hidden() == ["Гайка 18", "Гайка 19"]
    assert (run.state, run.goods, run.missing, run.reason) == (RunState.HIDDEN, 20, 2, "")
    fresh(talk).load("import0_1.xml", goods(18, is_whole=False))
    assert hidden() == ["Гайка 19"]


@pytest.mark.parametrize(
    ("files", "is_on", "reason"),
    [
        ([goods(*NUMBERS[:19], is_whole=False)], True, "выгружались только изменения"),
        ([goods(*NUMBERS[:19])], False, "скрытие непришедших выключено"),
        ([goods(*NUMBERS[:19]), "<broken/>"], True, "в выгрузке были незагруженные файлы"),
    ],
    ids=["delta", "off", "failure"],
)
def test_nothing_is_hidden_when_anything_speaks_against_it(
    talk: Talk, files: list[str], is_on: bool, reason: str
) -> None:
    ExchangeNode.objects.update(is_missing_hidden=is_on)

    for number, body in enumerate(files):
        talk.load(f"import0_{number}.xml", body)
    runs_close(at=over())

    run = ExchangeRun.objects.latest("pk")
    assert (run.state, run.reason, run.missing) == (RunState.FINISHED, reason, 0)
    assert hidden() == []


def test_goods_of_another_catalogue_are_not_missed(talk: Talk) -> None:
    talk.load("import1_1.xml", goods(100, name="second"))
    runs_close(at=over())

    assert hidden() == []
    assert list(ExchangeRun.objects.order_by("pk").values_list("catalog_external_id", "state")) == [
        ("cat", "finished"),
        ("second", "finished"),
    ]


def test_good_that_moved_to_another_catalogue_stays(talk: Talk) -> None:
    talk.load("import0_1.xml", goods(*NUMBERS[:19]))
    talk.load("import1_1.xml", goods(19, name="second"))

    runs_close(at=over())

    assert hidden() == []


def test_too_many_missing_goods_wait_for_the_administrator(talk: Talk, client: Client) -> None:
    talk.load("import0_1.xml", goods(*NUMBERS[:17]))
    runs_close(at=over())
    run = ExchangeRun.objects.latest("pk")
    held = (run.state, run.goods, run.missing, run.reason, hidden())
    client.force_login(make_user(is_staff=True, is_superuser=True))
    url = "/admin/integrations/exchangerun/"

    fresh(talk).load("import0_1.xml", goods(17, is_whole=False))
    answer = client.post(url, {"action": "hide_missing", "_selected_action": [run.pk]}, follow=True)
    again = client.post(url, {"action": "leave_missing", "_selected_action": [run.pk]}, follow=True)

    assert held == (RunState.HELD, 20, 3, "не пришло больше 10 % товаров", [])
    assert "скрыто товаров 2" in answer.content.decode()
    assert "Решение уже принято" in again.content.decode()
    assert hidden() == ["Гайка 18", "Гайка 19"]


def test_deactivate_of_bitrix_ends_a_whole_export_at_once(talk: Talk) -> None:
    """The module says «only changes» of every file and tells the end of a full export by a request."""
    told = talk.get("checkauth").rpartition("timestamp=")[2]
    talk.load("goods/1.xml", goods(*NUMBERS[:19], is_whole=False))

    answer = talk.get("deactivate", timestamp=told)

    assert answer == "success"
    assert hidden() == ["Гайка 19"]
    assert ExchangeRun.objects.latest("pk").state == RunState.HIDDEN


def test_complete_ends_a_run_without_the_wait(talk: Talk) -> None:
    talk.load("import0_1.xml", goods(*NUMBERS[:19]))

    assert talk.get("complete") == "success"
    assert hidden() == ["Гайка 19"]


def test_complete_waits_for_files_in_work(talk: Talk) -> None:
    talk.load("import0_1.xml", goods(*NUMBERS[:18]))
    talk.post("import0_2.xml", goods(18, is_whole=False).encode())
    talk.get("complete")
    waiting = (hidden(), ExchangeRun.objects.latest("pk").state)

    talk.finish("import0_2.xml")
    runs_close(at=timezone.now())

    assert waiting == ([], "running")
    assert hidden() == ["Гайка 19"]


@pytest.mark.parametrize("told", ["", "x", "-1", "1" * 30])
def test_deactivate_without_its_moment_is_refused(talk: Talk, told: str) -> None:
    assert talk.get("deactivate", timestamp=told) == (
        "failure\nВ запросе deactivate нет момента начала выгрузки (параметр timestamp)"
    )
    assert hidden() == []


def test_runs_of_two_bases_do_not_touch_each_other(talk: Talk, client: Client) -> None:
    other = make_node("erp")
    ExchangeNode.objects.update(is_missing_hidden=True)
    Talk(client, other).start().load("import0_1.xml", goods(500))
    talk.load("import0_1.xml", goods(*NUMBERS))

    assert talk.get("complete") == "success"

    states = dict(ExchangeRun.objects.order_by("pk").values_list("node__code", "state"))
    assert states == {"erp": "running", "ut": "finished"}
    assert hidden() == []


def test_base_that_hides_nothing_keeps_no_list_of_goods(talk: Talk, client: Client) -> None:
    other = Talk(client, make_node("erp")).start()

    other.load("import0_1.xml", goods(*NUMBERS))

    assert SeenGood.objects.exclude(node=talk.node).count() == 0
    assert SeenGood.objects.count() == 20
