import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from documents.acts.causes import with_causes
from documents.acts.matching import Operation, Pair, matched, number_key
from documents.states import Verdict
from finance.states import LedgerKind
from finance.workdays import WorkDays

END = date(2026, 9, 30)  # a Wednesday


def op(
    position: int, day: int | date | None, value: int | str, number: str = "", kind: str = "", title: str = ""
) -> Operation:
    """An operation of September 2026."""
    told = date(2026, 9, day) if isinstance(day, int) else day
    return Operation(position, told, number, Decimal(value), kind, title)


def told(pairs: list[Pair]) -> list[tuple[int | None, int | None, str]]:
    return [
        (pair.ours and pair.ours.position, pair.theirs and pair.theirs.position, pair.verdict.value)
        for pair in pairs
    ]


def cause(ours: list[Operation], theirs: list[Operation]) -> list[str]:
    """Causes of what does not match."""
    found = with_causes(matched(ours, theirs), period_to=END, days=WorkDays())
    return [one.cause for one in found if one.pair.verdict != Verdict.MATCHED]


@pytest.mark.parametrize("number", ["УТ-1042", "УТ00-001042", "1042", "1042/3", "№ 1042"])
def test_numbers_of_one_document_are_the_same(number: str) -> None:
    assert number_key(number) == "1042"


def test_same_lines_all_match() -> None:
    lines = [op(1, 5, 100, "УТ-1"), op(2, 6, 100, "УТ-2"), op(3, 7, -200)]

    assert told(matched(lines, lines)) == [(1, 1, "matched"), (2, 2, "matched"), (3, 3, "matched")]


def test_surest_sign_wins() -> None:
    ours = [op(1, 5, 100, "УТ-1"), op(2, 5, 100, "УТ-2")]
    theirs = [op(1, 5, 100, "2"), op(2, 9, 100, "1")]

    assert told(matched(ours, theirs)) == [(1, 2, "date"), (2, 1, "matched")]


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        (op(1, 9, -50), (1, 1, "date")),  # sum within ten days
        (op(1, 5, -50), (1, 1, "matched")),  # date and sum, without a number
        (op(1, None, -50), (1, 1, "matched")),  # the sum alone where no date is told
        (op(1, 6, -55, "221"), (1, 1, "sum")),
        (op(1, 5, 50, "7"), (1, 1, "sum")),  # on the other side
    ],
)
def test_one_operation_seen_differently(theirs: Operation, expected: tuple[int, int, str]) -> None:
    assert told(matched([op(1, 5, -50, "221")], [theirs])) == [expected]


def test_far_sums_do_not_meet() -> None:
    assert told(matched([op(1, 1, 100)], [op(1, 20, 100)])) == [(1, None, "ours"), (None, 1, "theirs")]


def test_each_line_is_paired_once() -> None:
    ours = [op(1, 5, 100), op(2, 5, 100), op(3, 5, 100)]

    assert told(matched(ours, [op(1, 5, 100), op(2, 5, 100)])) == [
        (1, 1, "matched"),
        (2, 2, "matched"),
        (3, None, "ours"),
    ]


def test_amounts_explain_the_whole_gap() -> None:
    dice = random.Random(7)
    ours = [
        op(place, dice.randint(1, 30), dice.randint(-9, 9) * 10 + 5, str(place)) for place in range(1, 60)
    ]
    theirs = [
        op(one.position, one.day, one.value + dice.choice([0, 0, 3]), dice.choice([one.number, ""]))
        for one in ours
        if dice.random() > 0.2
    ]

    pairs = matched(ours, theirs)

    gap = sum(one.value for one in ours) - sum(one.value for one in theirs)
    assert sum(pair.amount for pair in pairs) == gap
    assert sorted(pair.ours.position for pair in pairs if pair.ours) == [one.position for one in ours]
    assert sorted(pair.theirs.position for pair in pairs if pair.theirs) == [one.position for one in theirs]


def test_matching_does_not_depend_on_chance() -> None:
    ours = [op(place, place % 28 + 1, place % 5 * 10, str(place % 9)) for place in range(1, 100)]
    theirs = [op(place, (place * 7) % 28 + 1, place % 4 * 10, str(place % 7)) for place in range(1, 100)]

    assert told(matched(ours, theirs)) == told(matched(list(ours), list(theirs)))


def test_three_thousand_equal_sums_are_matched() -> None:
    day = date(2026, 1, 1)
    ours = [op(place, day + timedelta(days=place % 270), 100) for place in range(1, 3_001)]
    theirs = [op(place, day + timedelta(days=place % 270 + 1), 100) for place in range(1, 3_001)]

    pairs = matched(ours, theirs)

    assert len([pair for pair in pairs if pair.ours and pair.theirs]) > 2_900


# --- causes ------------------------------------------------------------------------------------------
def test_payment_in_transit_is_told_within_three_working_days() -> None:
    """The 30th, 29th and 28th are the last three working days."""
    assert (
        cause([], [op(1, 28, -100), op(2, 30, -70)])
        == ["Платёж в пути: к нам он мог прийти уже после конца периода"] * 2
    )
    assert cause([], [op(1, 25, -100)]) == [""]


def test_transit_counts_working_days() -> None:
    days = WorkDays({date(2026, 9, 29): False, date(2026, 9, 28): False})
    found = with_causes(matched([], [op(1, 25, -100)]), period_to=END, days=days)

    assert "Платёж в пути" in found[0].cause


def test_goods_of_the_last_days() -> None:
    assert cause([op(1, 29, 500, kind=LedgerKind.SHIPMENT)], []) == [
        "Отгрузка последних дней периода: у вас её могли принять позже"
    ]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([op(1, 5, -30, kind=LedgerKind.RETURN)], [], "Возврат ещё не проведён у вас"),
        ([], [op(1, 5, -30, title="Возврат поставщику (7 от 05.09.2026)")], "Возврат ещё не проведён у нас"),
        ([op(1, 5, -30, kind=LedgerKind.CORR_DOWN)], [], "Корректировка ещё не проведена у вас"),
    ],
)
def test_return_that_one_side_lacks(ours: list[Operation], theirs: list[Operation], expected: str) -> None:
    assert cause(ours, theirs) == [expected]


def test_difference_that_is_a_return() -> None:
    back = op(2, 9, -30, "8", LedgerKind.RETURN, "Возврат (8 от 09.09.2026)")

    causes = cause([op(1, 5, 100, "УТ-1"), back], [op(1, 5, 70, "УТ-1")])

    assert causes[0] == "Разница равна операции «Возврат (8 от 09.09.2026)», которой нет у вас"


def test_date_of_currency() -> None:
    assert cause([op(1, 8, -100, "221", LedgerKind.PAYMENT)], [op(1, 5, -100, "221")]) == [
        "Дата валютирования: деньги пришли к нам 08.09.2026"
    ]


def test_doubled_operation_of_either_side() -> None:
    one, again = op(1, 5, 100, "УТ-1"), op(2, 5, 100, "УТ-1")

    assert cause([one], [one, again]) == ["Похоже, операция задвоена у вас"]
    assert cause([one, again], [one]) == ["Похоже, операция задвоена у нас"]


def test_side_mistaken() -> None:
    assert cause([op(1, 5, 100, "УТ-1")], [op(1, 5, -100, "УТ-1")]) == [
        "Перепутана сторона: дебет вместо кредита или знак суммы"
    ]
