"""Payloads of shipments and acts for the tests of exchange files: fiction with right check digits."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from lxml import etree

from documents.edo.files import EdoFile
from documents.edo.upd503 import upd_xml
from documents.payloads.act import ActContract, ActLine, ActPayload, turnover
from documents.payloads.parts import (
    Authority,
    BankDetails,
    PaperRef,
    Party,
    PersonName,
    Signer,
    rate_totals,
    total_of,
)
from documents.payloads.transfer import Origin, Traced, TransferLine, TransferPayload
from portal.lib.money import line_amount, q2

# Schemas are reference data beside the project, never inside it.
_PLACES = [parent / "shared" / "data" / "edo" for parent in Path(__file__).resolve().parents[3:]]
SCHEMAS = next((place for place in _PLACES if place.is_dir()), _PLACES[0])
AT = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
GUID = UUID("60df91df-fe10-5273-9571-49371c223dbd")
SENDER = "2BM-7701123451-770101001-202601010000000000001"
RECEIVER = "2BM-7805123456-780501001-202601010000000000002"
SELLER = Party(
    name='ООО "Опт-Портал"',
    full_name='Общество с ограниченной ответственностью "Опт-Портал"',
    inn="7701123451",
    kpp="770101001",
    ogrn="1027700132195",
    okpo="12345678",
    address="125009, г. Москва, ул. Тверская, д. 1, стр. 2",
    phone="+7 495 000-00-00",
    bank=BankDetails(
        name="ПАО Сбербанк",
        bic="044525225",
        correspondent_account="30101810400000000225",
        account="40702810917780112984",
    ),
)
BUYER = Party(
    name='ООО "Дилер Север"',
    inn="7805123456",
    kpp="780501001",
    ogrn="1027800000140",
    address="198095, г. Санкт-Петербург, ул. Промышленная, д. 19",
)
ENTREPRENEUR = Party(
    name="ИП Соколова Анна Игоревна",
    inn="500100732259",
    kpp="",
    ogrn="304500116000157",
    ogrn_date=date(2004, 6, 8),
    address="141070, Московская обл., г. Королёв, ул. Ленина, д. 3",
)
HEAD = Signer(
    role="Генеральный директор",
    name="Иванов И. И.",
    person=PersonName(surname="Иванов", name="Иван", patronymic="Иванович"),
)
KEEPER = Signer(role="Кладовщик", name="Сидоров Пётр Иванович")
BY_GUID = replace(
    HEAD,
    role="Менеджер",
    authority=Authority(
        number="17",
        day=date(2026, 1, 12),
        guid="3bc7ac28-e542-55bf-a743-607c464312ed",
        system="https://m4d.nalog.gov.ru/",
    ),
)
BY_PAPER = replace(HEAD, role="Менеджер", authority=Authority(number="17", day=date(2026, 1, 12)))
LOT = Traced(
    number="10702020/151124/5071234/001",
    unit_code="796",
    unit="шт",
    quantity=Decimal("2"),
    net=Decimal("163.93"),
)
CHINA = Origin(country_code="156", country="КИТАЙ", declaration="10702020/151124/5071234")


def line(name: str, price: str, quantity: str, rate: str | None, **more: Any) -> TransferLine:
    """A line by its price with VAT, worked out as a shipment is."""
    vat = None if rate is None else Decimal(rate)
    amount = line_amount(Decimal(price), Decimal(quantity), vat, True)
    told = {"unit": "шт", "unit_code": "796", "article": "АРТ-1"} | more
    return TransferLine(
        name=name,
        quantity=Decimal(quantity),
        price=q2(amount.net / Decimal(quantity)),
        rate=vat,
        amount=amount,
        **told,
    )


GOLDEN = (
    line("Кабель силовой ВВГнг(А)-LS 3х2,5", "98.37", "1000", "22", unit="м", unit_code="006"),
    line('Автомат защиты 1P 16А "Ё-серия" № 5, café ½″', "211.49", "37", "22", article="AZ-1P-16"),
    line("Книга учёта (10%)", "120", "3", "10", article="BK-1"),
)


def shipment(lines: tuple[TransferLine, ...] = GOLDEN, **more: Any) -> TransferPayload:
    told: dict[str, Any] = {
        "number": "УТ-1042",
        "day": date(2026, 11, 20),
        "form": "upd-2026-04",
        "seller": SELLER,
        "buyer": BUYER,
        "consignee": BUYER,
        "lines": lines,
        "total": total_of(lines),
        "rates": rate_totals(lines),
        "basis": (PaperRef(name="Договор поставки", number="ДП-15/2026", day=date(2026, 1, 12)),),
        "head": HEAD,
        "released_by": KEEPER,
    }
    return TransferPayload(**(told | more))


def made(payload: TransferPayload, **more: Any) -> EdoFile:
    told: dict[str, Any] = {"sender_id": SENDER, "receiver_id": RECEIVER, "guid": GUID, "at": AT}
    return upd_xml(payload, **(told | more))


def tree(file: EdoFile) -> etree._Element:
    return etree.fromstring(file.content)


def operation(position: int, title: str, *, debit: str = "0", credit: str = "0", number: str = "") -> ActLine:
    return ActLine(
        position=position,
        day=date(2026, 7, position),
        title=title,
        number=number,
        debit=Decimal(debit),
        credit=Decimal(credit),
    )


def contract(opening: str, *lines: ActLine, number: str = "ДП-15/2026") -> ActContract:
    debit, credit = turnover(lines)
    return ActContract(
        contract=PaperRef(name="Договор поставки", number=number, day=date(2026, 1, 12)),
        opening=Decimal(opening),
        debit=debit,
        credit=credit,
        closing=Decimal(opening) + debit - credit,
        lines=lines,
    )


def act(*groups: ActContract, **more: Any) -> ActPayload:
    groups = groups or (
        contract(
            "10000.00",
            operation(5, "Продажа (УТ-900 от 05.07.2026)", debit="5000.00", number="УТ-900"),
            operation(20, "Оплата (221 от 20.07.2026)", credit="12000.00"),
        ),
    )
    told: dict[str, Any] = {
        "number": "17",
        "day": date(2026, 10, 5),
        "form": "act-1",
        "period_from": date(2026, 7, 1),
        "period_to": date(2026, 9, 30),
        "seller": SELLER,
        "buyer": BUYER,
        "groups": groups,
        "seller_signer": HEAD,
    }
    return ActPayload(**(told | more))


def schema(name: str) -> etree.XMLSchema:
    """A schema of the reference data; without it the test is skipped by name."""
    path = SCHEMAS / name
    if not path.is_file():
        pytest.skip(f"no {name}: the reference data of exchange files is not here")
    return etree.XMLSchema(etree.parse(str(path)))
