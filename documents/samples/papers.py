"""Papers other than those of a shipment in every case: счёт, акт сверки, заявка на отгрузку, М-2."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from documents.payloads.act import ActContract, ActLine, ActPayload, turnover
from documents.payloads.invoice import InvoicePayload, Line
from documents.payloads.parts import PaperRef, Signer, rate_totals, total_of
from documents.payloads.shipping import ProxyLine, ProxyPayload, ShippingLine, ShippingPayload
from documents.payment_qr import Payee, payment_qr
from documents.purpose import payment_purpose
from documents.samples.cases import Sample
from documents.samples.firms import BANK, BUYER, CONSIGNEE, CONTRACT, DAY, signers_of
from documents.samples.shipments import lines_of
from documents.states import DocumentKind
from portal.lib.money import line_amount, q2


def invoice(_kind: DocumentKind, sample: Sample) -> InvoicePayload:
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
    total, rates, bank = total_of(lines), rate_totals(lines), sample.seller.bank or BANK
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
    head, accountant = sample.signers or signers_of(sample.seller)
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


def act(_kind: DocumentKind, sample: Sample) -> ActPayload:
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
    head, _accountant = sample.signers or signers_of(sample.seller)
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


def shipping(_kind: DocumentKind, sample: Sample) -> ShippingPayload:
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
            for line in lines_of(sample)
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


def proxy(_kind: DocumentKind, sample: Sample) -> ProxyPayload:
    return ProxyPayload(
        number="9",
        day=DAY,
        form="m-2",
        until=date(2026, 11, 30),
        principal=replace(BUYER, bank=replace(BANK, account="40702810138250123017")),
        bank=None,
        bearer="Водителю Кузнецову Петру Ильичу",
        bearer_paper="40 10 123456, выдан 12.05.2015 ОВД Кировского района",
        supplier=sample.seller,
        basis=PaperRef(name="Счет", number="1042", day=DAY),
        lines=tuple(
            ProxyLine(name=line.name, unit=line.unit, quantity=line.quantity) for line in lines_of(sample)
        ),
        has_stub=sample.code != "one",
        head=Signer(role="Генеральный директор", name="Орлов О. О."),
        accountant=Signer(role="Главный бухгалтер", name="Белова Б. Б."),
    )
