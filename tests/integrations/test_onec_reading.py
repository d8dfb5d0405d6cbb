"""Texts of 1C made regular, and reading ahead of the database."""

import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.onec.reading.ahead import PORTION, PORTIONS_AHEAD, read_ahead
from integrations.onec.reading.file import CommerceFile
from integrations.onec.reading.records import FileHead, GoodRecord, Record
from integrations.onec.refusal import ExchangeRefusal
from integrations.onec.texts import currency, external_key, moment, number, offer_key
from portal.lib.dates import MOSCOW
from tests.integrations.onec_talk import GOOD, RED, catalog, good


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", "10"),
        ("1 234,50", "1234.50"),
        ("1\N{NO-BREAK SPACE}234.5", "1234.5"),
        ("-0,5", "-0.5"),
        (".5", ".5"),
        ("", None),
        (None, None),
        ("NaN", None),
        ("Infinity", None),
        ("1e9", None),
        ("1_000", None),
        ("٣", None),
        ("1.2.3", None),
        ("9" * 16, None),
    ],
)
def test_number_reads_plain_decimals_only(text: str | None, expected: str | None) -> None:
    assert number(text) == (None if expected is None else Decimal(expected))


def test_ids_are_compared_trimmed_and_guids_in_lower_case() -> None:
    assert external_key(f" {GOOD.upper()}\n") == GOOD
    assert external_key("Товар-1") == "Товар-1"
    assert external_key("00000000-0000-0000-0000-000000000000") == ""
    assert offer_key(f"{GOOD}#{RED.upper()}") == (GOOD, RED)
    assert offer_key(GOOD, RED) == (GOOD, RED)
    assert offer_key(GOOD, "00000000-0000-0000-0000-000000000000") == (GOOD, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-12-12T9:51:39", datetime(2014, 12, 12, 9, 51, 39, tzinfo=MOSCOW)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=MOSCOW)),
        ("2026-11-20T10:00:00.123+03:00", datetime(2026, 11, 20, 10, tzinfo=MOSCOW)),
        ("2026-13-40T10:00:00", None),
        ("T", None),
        ("", None),
    ],
)
def test_moment_reads_what_1c_writes(text: str, expected: datetime | None) -> None:
    assert moment(text) == expected


def test_currency_is_three_latin_letters() -> None:
    assert [currency(text) for text in ("руб", "руб.", "RUR", "643", "", "usd", "EUR", "грн")] == [
        "RUB", "RUB", "RUB", "RUB", "RUB", "USD", "EUR", "UAH",
    ]  # fmt: skip


def endless(seen: list[int]) -> Iterator[Record]:
    number = 0
    while True:
        seen.append(number)
        yield FileHead(str(number), None)
        number += 1


def readers() -> int:
    return sum(thread.name == "commerceml-reader" for thread in threading.enumerate())


def test_read_ahead_keeps_the_order_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "import.xml"
    path.write_text(catalog(*(good(f"id-{place}", "Гайка") for place in range(3 * PORTION + 7))))

    records = list(read_ahead(CommerceFile(path, name="import.xml").records()))

    told = [record.product_id for record in records if isinstance(record, GoodRecord)]
    assert told == [f"id-{place}" for place in range(3 * PORTION + 7)]
    assert readers() == 0


def test_read_ahead_raises_what_the_reader_raised(tmp_path: Path) -> None:
    path = tmp_path / "import.xml"
    path.write_text(catalog(*(good(f"id-{place}", "Гайка") for place in range(2 * PORTION)))[:-40])

    with pytest.raises(ExchangeRefusal, match="обрезан или повреждён"):
        list(read_ahead(CommerceFile(path, name="import.xml").records()))

    assert readers() == 0


def test_read_ahead_stops_with_its_consumer_and_stays_bounded() -> None:
    seen: list[int] = []
    before = sys.getswitchinterval()
    records = read_ahead(endless(seen))

    first = [next(records) for _ in range(10)]
    records.close()  # type: ignore[attr-defined]

    assert [record.version for record in first] == [str(place) for place in range(10)]  # type: ignore[union-attr]
    assert readers() == 0
    assert len(seen) <= (PORTIONS_AHEAD + 2) * PORTION  # one in hand on each side
    assert sys.getswitchinterval() == before
