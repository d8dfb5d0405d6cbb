"""Papers of a shipment in every case: счёт-фактура, УПД, ТОРГ-12 and УКД."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from documents.editions import built_in
from documents.payloads.correction import Corrected, CorrectedLine, CorrectionPayload, correction_totals
from documents.payloads.parts import PaperRef, rate_totals, total_of
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
from documents.samples.cases import Sample
from documents.samples.firms import BUYER, CONTRACT, DAY, STOREKEEPER, signers_of
from documents.states import DocumentKind
from portal.lib.money import line_amount, q2


def lines_of(sample: Sample) -> tuple[TransferLine, ...]:
    made: list[TransferLine] = []
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


def transfer(kind: DocumentKind, sample: Sample) -> TransferPayload:
    day = date(2026, 2, 20) if sample.trait == "edition-2024" else DAY
    lines = lines_of(sample)
    is_taxed = any(line.rate is not None for line in lines)
    status = (STATUS_WITH_FACTURA if is_taxed else STATUS_PLAIN) if kind == DocumentKind.UPD else 0
    head, accountant = sample.signers or signers_of(sample.seller)
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


def correction(_kind: DocumentKind, sample: Sample) -> CorrectionPayload:
    """The first line grew dearer, of the second less was taken, the others stayed as they were."""
    day = date(2026, 3, 20) if sample.trait == "edition-2024" else DAY
    lines = []
    for place, line in enumerate(lines_of(sample), start=1):
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
    head, accountant = sample.signers or signers_of(sample.seller)
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
