"""Papers of firms that do not exist, to look at a form by: every kind in every case that changes its look.

Check digits of the requisites are right, sums are worked out as those of real papers are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from documents.editions import built_in
from documents.layout.forms import Payload
from documents.payloads.act import ActContract, ActLine, ActPayload, turnover
from documents.payloads.correction import Corrected, CorrectedLine, CorrectionPayload, correction_totals
from documents.payloads.invoice import InvoicePayload, Line
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
from documents.payloads.shipping import ProxyLine, ProxyPayload, ShippingLine, ShippingPayload
from documents.payloads.transfer import (
    STATUS_PLAIN,
    STATUS_WITH_FACTURA,
    AdvanceFactura,
    Origin,
    Packing,
    PaymentRef,
    Revision,
    Traced,
    TransferLine,
    TransferPayload,
)
from documents.payment_qr import Payee, payment_qr
from documents.purpose import payment_purpose
from documents.states import DocumentKind
from portal.lib.money import line_amount, q2

DAY = date(2026, 11, 20)
_SBER = BankDetails(
    name="ПАО СБЕРБАНК г. Москва",
    bic="044525225",
    correspondent_account="30101810400000000225",
    account="40702810917780112984",
)
FIRM = Party(
    name='ООО "Опт-Портал"',
    full_name='Общество с ограниченной ответственностью "Опт-Портал"',
    inn="7701123451",
    kpp="770101001",
    ogrn="1127746123450",
    okpo="12345678",
    address="125009, г. Москва, ул. Тверская, д. 9, стр. 1",
    phone="+7 495 000-00-00",
    bank=_SBER,
)
ENTREPRENEUR = Party(
    name="ИП Соколова Анна Игоревна",
    full_name="Индивидуальный предприниматель Соколова Анна Игоревна",
    inn="500100732259",
    kpp="",
    ogrn="315500100123456",
    ogrn_date=date(2015, 3, 12),
    okpo="0123456789",
    address="141070, Московская обл., г. Королёв, ул. Ленина, д. 3",
    person=PersonName(surname="Соколова", name="Анна", patronymic="Игоревна"),
    bank=replace(_SBER, account="40802810700020000317", bic="044525201", correspondent_account=""),
)
BUYER = Party(
    name='ООО "Дилер Север"',
    inn="7805123456",
    kpp="780501001",
    okpo="87654321",
    address="198095, г. Санкт-Петербург, ул. Швецова, д. 23, лит. А",
    phone="+7 812 000-00-00",
)
CONSIGNEE = Party(
    name='ООО "Северный склад"',
    inn="5047123455",
    kpp="504701001",
    address="141400, Московская обл., г. Химки, ул. Складская, д. 7, ворота 12",
)
CONTRACT = PaperRef(name="Договор поставки", number="ДП-15/2026", day=date(2026, 1, 12))
HEAD = Signer(role="Генеральный директор", name="Иванов И. И.")
ACCOUNTANT = Signer(role="Главный бухгалтер", name="Петрова А. А.")
STOREKEEPER = Signer(
    role="Кладовщик",
    name="Сидоров П. П.",
    authority=Authority(number="17", day=date(2026, 1, 15), until=date(2026, 12, 31)),
)
_OWNER = Signer(role="Индивидуальный предприниматель", name="Соколова А. И.")
_LONG = "Кабель силовой не распространяющий горение, с пониженным дымо- и газовыделением, ГОСТ 31996-2012; "

Row = tuple[str, str, str, str, str | None, str, str]  # article, name, price, quantity, rate, unit, its code
_THREE: tuple[Row, ...] = (
    ("VVG-3X2.5", "Кабель силовой ВВГнг(А)-LS 3х2,5", "98.37", "1000", "22", "м", "006"),
    ("D933-8-40", "Болт DIN 933 М8х40 оц.", "211.49", "37", "22", "кг", "166"),
    ("BOOK-1", "Справочник электрика", "120", "3", "10", "шт", "796"),
)
_RATES: tuple[str | None, ...] = ("22", "10", "7", "5", "0", None)


def _rows(count: int) -> tuple[Row, ...]:
    return tuple(
        (f"ART-{place:04d}", f"Кабель-канал {place} мм, белый, с двойным замком", f"{place % 90 + 11}.37",
         f"{place % 7 + 1}", "22", "шт", "796")
        for place in range(1, count + 1)
    )  # fmt: skip


def _row(name: str, rate: str | None) -> Row:
    return ("ART-1", name, "1234.56", "7", rate, "шт", "796")


_MIXED = tuple(_row(f"Товар со ставкой {rate or 'без НДС'}", rate) for rate in _RATES)


@dataclass(frozen=True, slots=True)
class Sample:
    """A case: what is in the paper, who sells, and what is special about it."""

    code: str
    title: str
    rows: tuple[Row, ...] = _THREE
    seller: Party = FIRM
    consignee: Party | None = None
    is_heavy: bool = False
    trait: str = ""


SAMPLES: tuple[Sample, ...] = (
    Sample("firm", "ООО"),
    Sample("entrepreneur", "ИП", seller=ENTREPRENEUR),
    Sample("one", "Одна строка", rows=_THREE[:1]),
    Sample("thirty", "30 строк", rows=_rows(30)),
    Sample("many", "500 строк", rows=_rows(500), is_heavy=True),
    Sample("rates", "Разные ставки НДС", rows=_MIXED),
    Sample("no-vat", "Без НДС", rows=(_row("Товар без НДС", None),), seller=ENTREPRENEUR),
    Sample("long", "Длинные наименования", rows=(_row((_LONG * 21)[:2000], "22"), *_THREE)),
    Sample("consignee", "Другой грузополучатель", consignee=CONSIGNEE),
    Sample("revision", "Исправление, скидка, взамен прежнего", trait="revision"),
    Sample("traced", "Импорт и прослеживаемость", trait="traced"),
    Sample("advance", "Аванс", rows=_THREE[:1], trait="advance"),
    Sample("edition-2024", "До 01.04.2026", trait="edition-2024"),
)
_BY_CODE = {sample.code: sample for sample in SAMPLES}
_ONLY: dict[str, frozenset[DocumentKind]] = {
    "traced": frozenset({DocumentKind.FACTURA, DocumentKind.UPD}),
    "advance": frozenset({DocumentKind.FACTURA}),
    "edition-2024": frozenset({DocumentKind.FACTURA, DocumentKind.UPD, DocumentKind.CORRECTION}),
    "consignee": frozenset(DocumentKind) - {DocumentKind.ACT, DocumentKind.CORRECTION, DocumentKind.PROXY},
}


def samples_of(kind: DocumentKind) -> list[Sample]:
    """Cases that a kind of paper knows."""
    return [sample for sample in SAMPLES if kind in _ONLY.get(sample.code, frozenset(DocumentKind))]


def sample_payload(kind: DocumentKind, code: str, *, seller: Party | None = None) -> Payload:
    """A paper of a kind in a case, as of another seller if wished. Raises KeyError for an unknown case."""
    sample = _BY_CODE[code]
    if seller is not None:
        sample = replace(sample, seller=seller)
    return _BUILDERS[kind](kind, sample)


def _lines(sample: Sample) -> tuple[TransferLine, ...]:
    made = []
    for article, name, price, quantity, rate, unit, unit_code in sample.rows:
        count, vat = Decimal(quantity), None if rate is None else Decimal(rate)
        amount = line_amount(Decimal(price), count, vat, True)
        made.append(
            TransferLine(
                article=article,
                code=f"00-{len(made) + 1:06d}",
                name=name,
                quantity=count,
                unit=unit,
                unit_code=unit_code,
                price=q2(amount.net / count),
                rate=vat,
                amount=amount,
                packing=Packing(kind="короб", places=Decimal(1), gross_mass=count * 2, net_mass=count),
            )
        )
    return tuple(_traced(made) if sample.trait == "traced" else made)


def _traced(lines: Sequence[TransferLine]) -> list[TransferLine]:
    """The first line of two lots, the second imported, the third our own."""
    china = Origin(country_code="156", country="КИТАЙ", declaration="10702020/151124/5071234")
    lots = tuple(
        Traced(
            number=f"10702020/151124/5071234/{place:03d}",
            unit_code="006",
            unit="м",
            quantity=Decimal(count),
            net=q2(lines[0].price * count),
        )
        for place, count in ((1, 600), (2, 400))
    )
    return [
        replace(lines[0], origins=(china,), traced=lots),
        replace(lines[1], origins=(china, Origin(country_code="792", country="ТУРЦИЯ"))),
        *lines[2:],
    ]


def _signers(sample: Sample) -> tuple[Signer, Signer | None]:
    return (_OWNER, None) if sample.seller.is_entrepreneur else (HEAD, ACCOUNTANT)


def _invoice(_kind: DocumentKind, sample: Sample) -> InvoicePayload:
    discount = Decimal("10.00") if sample.trait == "revision" else Decimal(0)
    lines = tuple(
        Line(
            article=article,
            name=name,
            quantity=Decimal(quantity),
            unit=unit,
            price=Decimal(price),
            rate=None if rate is None else Decimal(rate),
            amount=line_amount(
                Decimal(price), Decimal(quantity), None if rate is None else Decimal(rate), True, discount
            ),
            discount=discount,
        )
        for article, name, price, quantity, rate, unit, _unit_code in sample.rows
    )
    total, rates, bank = total_of(lines), rate_totals(lines), sample.seller.bank or _SBER
    purpose = payment_purpose(
        number="1042",
        day=DAY,
        contract=(CONTRACT.number, CONTRACT.day),
        vat_by_rate=[(item.rate, item.vat) for item in rates],
    )
    payee = Payee(
        name=sample.seller.name,
        inn=sample.seller.inn,
        kpp=sample.seller.kpp,
        account=bank.account,
        bank_name=bank.name,
        bic=bank.bic,
        correspondent_account=bank.correspondent_account,
    )
    head, accountant = _signers(sample)
    return InvoicePayload(
        number="1042",
        day=DAY,
        pay_until=DAY + timedelta(days=5),
        order_number="З-000317",
        basis="Договор поставки № ДП-15/2026 от 12.01.2026",
        seller=sample.seller,
        bank=bank,
        buyer=BUYER,
        lines=lines,
        prices_include_vat=True,
        total=total,
        rates=rates,
        purpose=purpose,
        qr=payment_qr(payee=payee, total=total.gross, purpose=purpose),
        signers=(head, replace(accountant, role="Бухгалтер")) if accountant else (head,),
        notice="Внимание! Оплата данного счета означает согласие с условиями поставки товара.",
        consignee=sample.consignee,
        shipper=CONSIGNEE if sample.consignee else None,
        replaces=PaperRef(name="Счет", number="1041", day=DAY) if discount else None,
    )


def _transfer(kind: DocumentKind, sample: Sample) -> TransferPayload:
    day = date(2026, 2, 20) if sample.trait == "edition-2024" else DAY
    lines = _lines(sample)
    is_taxed = any(line.rate is not None for line in lines)
    status = (STATUS_WITH_FACTURA if is_taxed else STATUS_PLAIN) if kind == DocumentKind.UPD else 0
    head, accountant = _signers(sample)
    is_advance = sample.trait == "advance"
    waybill = PaperRef(name="Товарная накладная", number="УТ-1042", day=day)
    return TransferPayload(
        number="УТ-1042",
        day=day,
        form=built_in(kind, day).code,
        seller=sample.seller,
        buyer=BUYER,
        lines=lines,
        total=total_of(lines),
        rates=rate_totals(lines),
        status=status,
        is_advance=is_advance,
        revision=Revision(number=1, day=day + timedelta(days=5)) if sample.trait == "revision" else None,
        consignee=sample.consignee,
        payments=(PaymentRef(number="315", day=day - timedelta(days=2)),) if is_taxed else (),
        shipments=(waybill,) if kind == DocumentKind.FACTURA and not is_advance else (),
        advances=(AdvanceFactura(number="А-77", day=day - timedelta(days=2)),)
        if is_taxed and not is_advance
        else (),
        basis=(CONTRACT,),
        transport="Самовывоз; масса нетто 120 кг",
        shipped_on=day,
        head=head,
        accountant=accountant,
        released_by=STOREKEEPER,
        responsible=accountant or head,
        order_numbers=("З-000317",),
    )


def _correction(_kind: DocumentKind, sample: Sample) -> CorrectionPayload:
    """The first line grew dearer, of the second less was taken, the others stayed as they were."""
    day = date(2026, 3, 20) if sample.trait == "edition-2024" else DAY
    lines = []
    for place, line in enumerate(_lines(sample), start=1):
        before = Corrected(quantity=line.quantity, price=line.price, rate=line.rate, amount=line.amount)
        price = line.price + 1 if place == 1 else line.price
        quantity = line.quantity - 1 if place == 2 else line.quantity
        after = before
        if (price, quantity) != (line.price, line.quantity):
            amount = line_amount(price, quantity, line.rate, False)
            after = Corrected(quantity=quantity, price=price, rate=line.rate, amount=amount)
        lines.append(
            CorrectedLine(
                name=line.name,
                unit=line.unit,
                unit_code=line.unit_code,
                article=line.article,
                before=before,
                after=after,
                position=place,
            )
        )
    increase, decrease = correction_totals(lines)
    head, accountant = _signers(sample)
    return CorrectionPayload(
        number="УК-12",
        day=day,
        form=built_in(DocumentKind.CORRECTION, day).code,
        originals=(PaperRef(name="УПД", number="УТ-1042", day=day - timedelta(days=10)),),
        seller=sample.seller,
        buyer=BUYER,
        lines=tuple(lines),
        increase=increase,
        decrease=decrease,
        revision=Revision(number=1, day=day) if sample.trait == "revision" else None,
        grounds=(PaperRef(name="Соглашение об изменении цены", number="3", day=day),),
        head=head,
        accountant=accountant,
        responsible=accountant or head,
    )


def _act(_kind: DocumentKind, sample: Sample) -> ActPayload:
    """As many operations as the case has rows, every third one a payment; long names make two contracts."""
    is_grouped = sample.code in {"rates", "long"}
    lines = tuple(
        ActLine(
            position=place,
            day=date(2026, 7, 1) + timedelta(days=place * 91 // (len(sample.rows) + 1)),
            title=f"Оплата ({220 + place})" if place % 3 == 0 else f"Продажа (УТ-{900 + place})",
            debit=Decimal(0) if place % 3 == 0 else q2(Decimal(price) * 10),
            credit=q2(Decimal(price) * 15) if place % 3 == 0 else Decimal(0),
        )
        for place, (_article, _name, price, *_rest) in enumerate(sample.rows, start=1)
    )
    halves = (lines[: len(lines) // 2], lines[len(lines) // 2 :]) if is_grouped else (lines,)
    second = PaperRef(name="Договор поставки", number="ДП-16/2026", day=date(2026, 2, 1))
    groups = []
    for contract, part in zip((CONTRACT, second), halves, strict=False):
        debit, credit = turnover(part)
        opening = Decimal("10000.00")
        groups.append(
            ActContract(
                contract=contract,
                opening=opening,
                debit=debit,
                credit=credit,
                closing=opening + debit - credit,
                lines=part,
            )
        )
    head, _accountant = _signers(sample)
    return ActPayload(
        number="12",
        day=date(2026, 10, 5),
        form="act-1",
        period_from=date(2026, 7, 1),
        period_to=date(2026, 9, 30),
        seller=sample.seller,
        buyer=BUYER,
        groups=tuple(groups),
        is_mirrored=sample.code in {"thirty", "rates"},
        reply_days=5,
        seller_signer=head,
    )


def _shipping(_kind: DocumentKind, sample: Sample) -> ShippingPayload:
    return ShippingPayload(
        number="45",
        day=DAY,
        form="shipping-1",
        orders=("З-000317", "З-000321"),
        contract="Договор поставки № ДП-15/2026 от 12.01.2026",
        seller=sample.seller,
        payer=BUYER,
        consignee=sample.consignee or BUYER,
        warehouse="Склад Москва",
        method="Самовывоз",
        when="23.11.2026, с 10:00 до 13:00",
        lines=tuple(
            ShippingLine(
                article=line.article,
                name=line.name,
                unit=line.unit,
                ordered=line.quantity * 2,
                shipped=line.quantity / 2,
                reserved=line.quantity,
                quantity=line.quantity,
                weight=line.packing.gross_mass,
                volume=Decimal("0.125"),
                places=line.packing.places,
                gross=line.amount.gross,
            )
            for line in _lines(sample)
        ),
        address="г. Санкт-Петербург, ул. Швецова, д. 23",
        contact="Орлов Олег, +7 812 000-00-01",
        loading="Задняя, 2 паллеты",
        driver="Кузнецов Пётр Ильич, +7 900 000-00-00",
        car="А123ВС178",
        authority="№ 9 от 20.11.2026, до 30.11.2026",
        handover="На бумаге с грузом",
        remarks="Позвонить за час",
    )


def _proxy(_kind: DocumentKind, sample: Sample) -> ProxyPayload:
    return ProxyPayload(
        number="9",
        day=DAY,
        form="m-2",
        until=date(2026, 11, 30),
        principal=replace(BUYER, bank=replace(_SBER, account="40702810138250123017")),
        bank=None,
        bearer="Водителю Кузнецову Петру Ильичу",
        bearer_paper="40 10 123456, выдан 12.05.2015 ОВД Кировского района",
        supplier=sample.seller,
        basis=PaperRef(name="Счет", number="1042", day=DAY),
        lines=tuple(
            ProxyLine(name=line.name, unit=line.unit, quantity=line.quantity) for line in _lines(sample)
        ),
        has_stub=sample.code != "one",
        head=Signer(role="Генеральный директор", name="Орлов О. О."),
        accountant=Signer(role="Главный бухгалтер", name="Белова Б. Б."),
    )


_BUILDERS: dict[DocumentKind, Callable[[DocumentKind, Sample], Payload]] = {
    DocumentKind.INVOICE: _invoice,
    DocumentKind.FACTURA: _transfer,
    DocumentKind.UPD: _transfer,
    DocumentKind.CORRECTION: _correction,
    DocumentKind.WAYBILL: _transfer,
    DocumentKind.ACT: _act,
    DocumentKind.SHIPPING: _shipping,
    DocumentKind.PROXY: _proxy,
}
