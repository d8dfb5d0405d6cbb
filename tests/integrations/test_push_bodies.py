"""Bodies that are no batch, hostile ones among them: always words, never a failure of the portal."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.models import ErpAgreement, ErpPartner, PushBatch
from integrations.push.bodies import BODY_LIMIT, BodyRefused, body_read
from tests.integrations.push_talk import Push, contract, moment, partner, settlement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        (b"", 400, "Тело запроса – не JSON: строка 1, знак 1"),
        (b"{", 400, "Тело запроса – не JSON: строка 1, знак 2"),
        (b"[]", 422, "Тело запроса – не объект JSON"),
        (b"null", 422, "Тело запроса – не объект JSON"),
        (b'{"seq": NaN}', 400, "В JSON не бывает NaN"),
        (b'{"seq": -Infinity}', 400, "В JSON не бывает -Infinity"),
        (b'{"seq": 1, "seq": 2}', 400, "Поле seq названо дважды"),
        (b"{'seq': 1}", 400, "Тело запроса – не JSON: строка 1, знак 2"),
        ('{"source": "Север"}'.encode("windows-1251"), 400, "Тело запроса не в UTF-8"),
        (b"[" * 100_000, 400, "Тело запроса – не JSON: слишком длинное число или вложенность"),
        (b"1" * 10_000, 400, "Тело запроса – не JSON: слишком длинное число или вложенность"),
        (b"1e99999999999999999999", 400, "Тело запроса – не JSON: слишком длинное число или вложенность"),
    ],
)  # fmt: skip
def test_body_that_is_no_batch(push: Push, content: bytes, status: int, error: str) -> None:
    assert push.raw("partners", content) == (status, {"error": error})


def test_body_may_begin_with_a_mark(push: Push) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(push.body([partner()])).encode()

    assert push.raw("partners", content)[0] == 200


def test_body_over_the_limit(push: Push) -> None:
    content = json.dumps(push.body([partner()])).encode().ljust(BODY_LIMIT + 1)

    assert push.raw("partners", content) == (
        413, {"error": "Тело запроса больше 16 МБ: разделите пакет"},
    )  # fmt: skip
    assert push.raw("partners", content[:-1])[0] == 200


def test_packed_body_is_refused(push: Push) -> None:
    assert push.raw("partners", b"{}", **{"Content-Encoding": "gzip"})[0] == 415


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ("1.005", "min_order: больше двух знаков после запятой"),
        (Decimal("0.001"), "min_order: больше двух знаков после запятой"),
        ("1e5", "min_order: это не число"),
        ("", "min_order: это не число"),
        ("NaN", "min_order: это не число"),
        (True, "min_order: нужно число или строка с числом"),
        ([], "min_order: нужно число или строка с числом"),
        (-1, "min_order: должно быть не меньше 0"),
        (10**15, "min_order: слишком большое число"),
        (Decimal("1e9999999"), "min_order: слишком большое число"),
        (Decimal("-1e9999999"), "min_order: слишком большое число"),
    ],
)
def test_sum_that_does_not_fit(push: Push, told: object, error: str) -> None:
    content = json.dumps(push.body([{"ref": "a", "min_order": "СУММА"}])).replace(
        json.dumps("СУММА"), str(told) if isinstance(told, Decimal) else json.dumps(told)
    )

    assert push.raw("agreements", content.encode())[1]["rejected"] == [{"ref": "a", "error": error}]


@pytest.mark.parametrize("told", ['"1 234,10"', '"1234.1"', "1234.1", "1234.10", "1.2341e3"])
def test_sum_is_read_without_loss(push: Push, told: str) -> None:
    content = json.dumps(push.body([{"ref": "a", "min_order": "СУММА"}])).replace(json.dumps("СУММА"), told)

    push.raw("agreements", content.encode())

    assert ErpAgreement.objects.get().minimum_amount == Decimal("1234.10")


@pytest.mark.parametrize("text", ["а\0б", "\ud800"])
def test_sign_that_no_database_keeps(push: Push, text: str) -> None:
    status, answer = push.send("partners", [partner(name=text), partner(ref=text), {"ref": "x", text: 1}])

    assert (status, len(answer["rejected"]), ErpPartner.objects.count()) == (200, 3, 0)


@pytest.mark.parametrize("offset", ["+23:59", "-23:59"])
def test_moment_of_any_offset_is_kept(push: Push, offset: str) -> None:
    told = f"2026-11-20T14:05:00{offset}"

    assert push.send("partners", [partner()], generated_at=told)[0] == 200
    assert PushBatch.objects.get().generated_at == moment(told)


def test_batch_of_the_future_is_refused(push: Push) -> None:
    """Its word would stand as the newest one until then."""
    answer = push.send("partners", [partner()], generated_at="2126-11-27T14:05:00+03:00")

    assert answer == (422, {"error": "generated_at: момент в будущем, проверьте часы базы 1С"})
    assert not ErpPartner.objects.exists()


@pytest.mark.parametrize("day", ["2026-02-30", "27.11.2026", 20261127, "2026-11"])
def test_date_that_is_none(push: Push, day: object) -> None:
    answer = push.send("contracts", [contract(date=day)])[1]

    assert answer["rejected"][0]["error"].startswith("date: ")


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)
SAMPLES: dict[str, dict[str, Any]] = {
    "partners": partner(), "contracts": contract(), "settlements": settlement(),
    "counterparties": {"ref": "c", "name": "Север", "inn": "7707083893"},
    "agreements": {"ref": "a", "payment_stages": [{"percent": 50}], "min_order": 1},
}  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_items_of_junk_are_answered(push: Push, data: st.DataObject) -> None:
    stream = data.draw(st.sampled_from(sorted(SAMPLES)))
    sample = SAMPLES[stream]
    name = data.draw(st.sampled_from(sorted(sample)) | st.text(max_size=5))
    junk = data.draw(JUNK)

    content = json.dumps(push.body([sample | {name: junk}, junk])).encode()

    status, answer = push.raw(stream, content)
    assert status in {200, 400}, answer


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=60) | JUNK.map(lambda junk: json.dumps(junk).encode()))
def test_bytes_of_junk_are_refused(raw: bytes) -> None:
    with pytest.raises(BodyRefused):
        body_read(raw)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_envelopes_of_junk_are_answered(push: Push, data: st.DataObject) -> None:
    body = push.body([partner()])
    name = data.draw(st.sampled_from(sorted(body)))

    status, _ = push.raw("partners", json.dumps(body | {name: data.draw(JUNK)}).encode())

    assert status in {200, 400, 422}
    assert PushBatch.objects.filter(status__gte=500).count() == 0
