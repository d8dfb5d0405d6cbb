"""Batches of the JSON channel: once, in any order, item by item, whole exports."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import ErpPartner, ExchangeNode, PushBatch, PushRef, RefState
from integrations.services.tidying import exchange_tidy
from tests.integrations.onec_talk import make_node
from tests.integrations.push_talk import PARTNER, Push, partner

pytestmark = pytest.mark.django_db
OTHER = "55555555-18f9-11e7-80c2-000000000002"


def names() -> dict[str, str]:
    return dict(ErpPartner.objects.values_list("external_id", "name"))


def test_batch_is_taken_and_answered(push: Push) -> None:
    status, answer = push.send("partners", [partner(stop_list=True, stop_reason="Долг", manager="Иванова")])

    assert (status, answer) == (
        200,
        {"accepted": 1, "unchanged": 0, "outdated": 0, "waiting": 0, "rejected": []},
    )
    row = ErpPartner.objects.get()
    assert (row.external_id, row.name, row.is_stopped, row.stop_reason, row.manager) == (
        PARTNER, "Север", True, "Долг", "Иванова",
    )  # fmt: skip


def test_batch_again_is_answered_the_same_and_writes_nothing(push: Push) -> None:
    body = push.body([partner(), {"ref": OTHER}])
    first = push.again("partners", body)
    ErpPartner.objects.update(name="Изменено после")

    second = push.again("partners", body)

    assert (first, names()) == (second, {PARTNER: "Изменено после"})
    assert PushBatch.objects.count() == 1


def test_batch_with_another_content_under_one_id_is_refused(push: Push) -> None:
    body = push.body([partner()])
    push.again("partners", body)

    status, answer = push.again("partners", body | {"items": [partner(name="Юг")]})

    assert (status, answer) == (409, {"error": "Пакет с этим batch_id уже принят с другим содержимым"})
    assert names() == {PARTNER: "Север"}


def test_one_id_in_two_streams_is_two_batches(push: Push) -> None:
    body = push.body([partner()])

    assert push.again("partners", body)[0] == 200
    assert push.again("agreements", body | {"items": [{"ref": OTHER}]})[0] == 200


def test_older_seq_is_passed_over(push: Push) -> None:
    push.send("partners", [partner(name="Новое")], seq=20)

    status, answer = push.send("partners", [partner(name="Старое")], seq=19)

    assert (status, answer["accepted"], answer["outdated"], names()) == (200, 1, 1, {PARTNER: "Новое"})


def test_same_content_is_not_written_and_still_moves_the_number(push: Push) -> None:
    push.send("partners", [partner()], seq=5)
    ErpPartner.objects.update(seen_at="2020-01-01T00:00:00Z")

    answer = push.send("partners", [partner()], seq=9)[1]
    late = push.send("partners", [partner(name="Старое")], seq=7)[1]

    assert (answer["unchanged"], late["outdated"], names()) == (1, 1, {PARTNER: "Север"})
    assert ErpPartner.objects.get().seen_at.year == 2020


def test_bad_item_spoils_nothing_else(push: Push) -> None:
    bad = {"ref": OTHER, "name": "", "stop_list": "да", "extra": 1}

    status, answer = push.send("partners", [bad, "слово", partner()])

    assert (status, answer["accepted"], names()) == (200, 1, {PARTNER: "Север"})
    assert answer["rejected"] == [
        {
            "ref": OTHER,
            "error": "name: пустая строка; stop_list: нужно true или false; extra: неизвестное поле",
        },
        {"ref": "", "error": "нужен объект"},
    ]


def test_refused_item_is_looked_at_again_with_any_number(push: Push) -> None:
    push.send("partners", [{"ref": PARTNER, "name": ""}])

    assert push.send("partners", [partner()], seq=0)[1]["accepted"] == 1
    assert PushRef.objects.get().state == RefState.TAKEN


def test_last_of_one_ref_in_a_batch_stays(push: Push) -> None:
    answer = push.send("partners", [partner(name="Первое"), partner(name="Второе")])[1]

    assert (answer["accepted"], names()) == (2, {PARTNER: "Второе"})


def test_id_is_read_like_in_commerceml(push: Push) -> None:
    push.send(
        "partners", [partner(ref=f" {PARTNER.upper()} ", parent_ref="0" * 8 + "-0000-0000-0000-" + "0" * 12)]
    )

    assert list(ErpPartner.objects.values_list("external_id", "parent_external_id")) == [(PARTNER, "")]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"source": "чужая"}, "source: ключ выдан базе ut"),
        ({"batch_id": "17"}, "batch_id: нужен UUID"),
        ({"batch_id": 17}, "batch_id: нужен UUID"),
        ({"seq": "5"}, "seq: нужно целое число"),
        ({"seq": True}, "seq: нужно целое число"),
        ({"seq": -1}, "seq: должно быть не меньше 0"),
        ({"seq": 2**63}, "seq: должно быть не больше 9223372036854775807"),
        ({"mode": "all"}, "mode: не подходит по виду"),
        (
            {"generated_at": "2026-11-27T14:05"},
            "generated_at: у момента нет смещения от UTC, например +03:00",
        ),
        ({"generated_at": "вчера"}, "generated_at: нужен момент вида 2026-11-27T14:05:00+03:00"),
        ({"items": {}}, "items: нужен список"),
        ({"items": [{}] * 1001}, "items: больше 1000 элементов"),
        ({"count": 3}, "count присылают только вместе с finish"),
        ({"finish": True}, "finish закрывает полную выгрузку: mode full, без items, с count"),
        ({"seqq": 5}, "seqq: неизвестное поле"),
    ],
)  # fmt: skip
def test_envelope_that_does_not_fit_is_refused_with_words(
    push: Push, change: dict[str, object], error: str
) -> None:
    status, answer = push.again("partners", push.body([partner()]) | change)

    assert (status, answer) == (422, {"error": error})
    assert (PushBatch.objects.count(), names()) == (0, {})


def test_envelope_without_items_is_refused(push: Push) -> None:
    assert push.send("partners") == (422, {"error": "items: нет поля"})


def test_empty_batch_is_a_batch(push: Push) -> None:
    assert push.send("partners", [])[1]["accepted"] == 0


def test_two_bases_know_the_same_id_apart(push: Push) -> None:
    other = Push(push.client, make_node("msk"))
    push.send("partners", [partner()], seq=9)

    answer = other.send("partners", [partner(name="Другой")], seq=1)[1]

    assert (answer["accepted"], answer["outdated"], ErpPartner.objects.count()) == (1, 0, 2)


# --- the whole of a stream ------------------------------------------------------------------------
def refs(count: int) -> list[str]:
    return [f"p-{number}" for number in range(count)]


def partners(*told: str) -> list[dict[str, object]]:
    return [partner(ref) for ref in told]


def deleted() -> list[str]:
    return list(
        ErpPartner.objects.filter(is_deleted=True).order_by("pk").values_list("external_id", flat=True)
    )


def test_full_marks_what_has_not_come(push: Push) -> None:
    push.send("partners", partners(*refs(20)))

    answer = push.full("partners", partners(*refs(12)), partners(*refs(19)[12:]))

    assert answer == (200, {"accepted": 0, "missing": 1, "rejected": []})
    assert deleted() == ["p-19"]
    assert PushRef.objects.get(ref="p-19").state == RefState.MISSING


def test_what_comes_again_with_the_same_content_is_there_again(push: Push) -> None:
    push.send("partners", partners(*refs(20)))
    push.full("partners", partners(*refs(19)))

    push.send("partners", partners("p-19"))

    assert deleted() == []


def test_full_with_another_count_is_refused_and_over(push: Push) -> None:
    push.send("partners", partners(*refs(20)))

    refused = push.full("partners", partners(*refs(18)), count=19)
    after = push.full("partners", partners(*refs(19)))

    assert refused == (409, {"error": "Пришло 18 из 19: начните полную выгрузку заново"})
    assert (after[1]["missing"], deleted()) == (1, ["p-19"])


def test_refused_end_is_answered_the_same_again(push: Push) -> None:
    push.send("partners", partners("p-1"), mode="full")
    end = push.body(mode="full", finish=True, count=5)

    assert push.again("partners", end) == push.again("partners", end)
    assert push.again("partners", end)[0] == 409


def test_full_that_lacks_too_much_is_held(push: Push) -> None:
    push.send("partners", partners(*refs(20)))

    answer = push.full("partners", partners(*refs(17)))[1]

    assert (answer["missing"], answer["held"]) == (0, "Не отмечено: нет 3 из 20, это больше 10%")
    assert deleted() == []


def test_limit_of_the_base_decides_how_much_is_too_much(push: Push) -> None:
    ExchangeNode.objects.update(missing_limit=15)
    push.send("partners", partners(*refs(20)))

    assert push.full("partners", partners(*refs(17)))[1]["missing"] == 3


def test_refused_item_of_a_full_export_is_not_missing(push: Push) -> None:
    push.send("partners", partners(*refs(20)))

    told = [*partners(*refs(19)), {"ref": "p-19", "name": ""}]

    assert push.full("partners", told)[1]["missing"] == 0
    assert deleted() == []


def test_item_without_an_id_keeps_all_that_was_there(push: Push) -> None:
    push.send("partners", partners(*refs(20)))

    answer = push.full("partners", [*partners(*refs(19)), {"name": "?"}])[1]

    assert answer["held"] == "Не отмечено: 1 без идентификатора, неизвестно, чего нет"
    assert deleted() == []


def test_change_that_came_meanwhile_is_not_missing(push: Push) -> None:
    push.send("partners", partners(*refs(19)), mode="full")
    push.send("partners", partners("new"))

    assert push.send("partners", mode="full", finish=True, count=19)[1]["missing"] == 0
    assert deleted() == []


def test_given_up_export_does_not_join_the_next_one(push: Push) -> None:
    push.send("partners", partners(*refs(20)))
    push.send("partners", partners("p-19"), mode="full")
    PushBatch.objects.update(received_at=timezone.now() - timedelta(days=2))

    assert push.full("partners", partners(*refs(19)))[1]["missing"] == 1
    assert deleted() == ["p-19"]


def test_end_of_nothing_is_held(push: Push) -> None:
    push.send("partners", partners(*refs(3)))

    assert push.full("partners")[1]["held"] == "Не отмечено: нет 3 из 3, это больше 10%"
    assert deleted() == []


def test_old_batches_are_removed_and_what_they_brought_is_still_known(push: Push) -> None:
    push.send("partners", partners("p-1"), mode="full")
    push.send("partners", partners("p-1"), seq=90)
    PushBatch.objects.update(received_at=timezone.now() - timedelta(days=91))
    push.send("partners", [])

    exchange_tidy(at=timezone.now())

    assert PushBatch.objects.count() == 1
    assert push.send("partners", partners("p-1"), seq=5)[1]["outdated"] == 1
