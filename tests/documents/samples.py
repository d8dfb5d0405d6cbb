"""The invoice of the specification, and others made from it."""

from datetime import date
from decimal import Decimal

from documents.payloads.invoice import InvoicePayload, Line
from documents.payloads.parts import BankDetails, Party, Signer, rate_totals, total_of
from documents.payment_qr import Payee, payment_qr
from documents.purpose import payment_purpose
from portal.lib.money import line_amount

SELLER = Party(
    name='ООО "Опт-Портал"',
    inn="7701123451",
    kpp="770101001",
    address="125009, г. Москва, ул. Тверская, д. 9, стр. 1",
    phone="+7 495 000-00-00",
)
ENTREPRENEUR = Party(
    name="ИП Соколова Анна Игоревна",
    inn="500100732259",
    kpp="",
    address="141070, Московская обл., г. Королёв, ул. Ленина, д. 3",
)
BUYER = Party(
    name='ООО "Дилер Север"',
    inn="7805123456",
    kpp="780501001",
    address="198095, г. Санкт-Петербург, ул. Швецова, д. 23, лит. А",
)
BANK = BankDetails(
    name="ПАО СБЕРБАНК г. Москва",
    bic="044525225",
    correspondent_account="30101810400000000225",
    account="40702810917780112984",
)
NOTICE = (
    "Внимание! Оплата данного счета означает согласие с условиями поставки товара.\n"
    "Уведомление об оплате обязательно, в противном случае не гарантируется наличие товара на складе.\n"
    "Товар отпускается по факту прихода денег на р/с Поставщика, самовывозом, при наличии доверенности."
)


def line(
    name: str, price: str, quantity: str, rate: str | None, *, inside: bool = True, article: str = "VVG-3X2.5"
) -> Line:
    vat = None if rate is None else Decimal(rate)
    return Line(
        article=article,
        name=name,
        quantity=Decimal(quantity),
        unit="м",
        price=Decimal(price),
        rate=vat,
        amount=line_amount(Decimal(price), Decimal(quantity), vat, inside),
    )


GOLDEN_LINES = (
    line("Кабель силовой ВВГнг(А)-LS 3х2,5", "98.37", "1000", "22"),
    line("Болт DIN 933 М8х40 оц.", "211.49", "37", "22", article="D933-8-40"),
    line("Справочник электрика", "120", "3", "10", article="BOOK-1"),
)


def invoice(
    lines: tuple[Line, ...] = GOLDEN_LINES,
    *,
    seller: Party = SELLER,
    buyer: Party = BUYER,
    inside: bool = True,
    signers: tuple[Signer, ...] = (
        Signer(role="Руководитель", name="Иванов И. И."),
        Signer(role="Бухгалтер", name="Петрова А. А."),
    ),
) -> InvoicePayload:
    day = date(2026, 11, 20)
    total = total_of(lines)
    rates = rate_totals(lines)
    purpose = payment_purpose(
        number="1042",
        day=day,
        contract=("ДП-15/2026", date(2026, 1, 12)),
        vat_by_rate=[(item.rate, item.vat) for item in rates],
    )
    payee = Payee(
        name=seller.name,
        inn=seller.inn,
        kpp=seller.kpp,
        account=BANK.account,
        bank_name=BANK.name,
        bic=BANK.bic,
        correspondent_account=BANK.correspondent_account,
    )
    return InvoicePayload(
        number="1042",
        day=day,
        pay_until=date(2026, 11, 25),
        order_number="З-000317",
        basis="Договор поставки № ДП-15/2026 от 12.01.2026",
        seller=seller,
        bank=BANK,
        buyer=buyer,
        lines=lines,
        prices_include_vat=inside,
        total=total,
        rates=rates,
        purpose=purpose,
        qr=payment_qr(payee=payee, total=total.gross, purpose=purpose),
        signers=signers,
        notice=NOTICE,
    )
