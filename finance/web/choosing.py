"""What a person has chosen to pay, as an address: `?entity=7&ref=ledger:17&sum:ledger:17=100,00`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from counterparties.models import Contract, OrganizationBankAccount
from documents.payment_qr import Payee, QrNotPossible, payment_qr, qr_svg_uri
from documents.purpose import payment_purpose_of
from finance.payables import ToPay
from finance.selectors.charges import share_out
from finance.selectors.payables import PayGroup
from portal.lib.money import q2

ADVANCE = "contract:"
ZERO = Decimal("0.00")
MOST = Decimal("999999999.99")


@dataclass(frozen=True, slots=True)
class PayLine:
    """One row of the form: what is open, and what the person pays of it."""

    row: ToPay
    amount: Decimal
    is_chosen: bool
    is_wrong: bool = False

    @property
    def is_advance(self) -> bool:
        return self.row.reference.startswith(ADVANCE)


@dataclass(frozen=True, slots=True)
class Bill:
    """One payment order: a payer, a payee, the sum, the purpose, and the code that banks read."""

    group: PayGroup
    lines: tuple[PayLine, ...]
    total: Decimal
    purpose: str
    account: OrganizationBankAccount | None
    qr: str


def amount_typed(text: str) -> Decimal | None:
    """«1 234,50» as people type it; None where it is no sum of roubles above zero."""
    plain = "".join(text.split()).replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount <= MOST and amount == q2(amount) else None


def pay_lines(group: PayGroup, query: QueryDict | Mapping[str, str], refs: Sequence[str]) -> list[PayLine]:
    """Rows of a group with what the address says of them; an advance is shown where it is asked for."""
    lines = [_line(row, query, row.reference in refs) for row in group.rows]
    for contract in group.contracts:
        reference = f"{ADVANCE}{contract.pk}"
        if reference in refs:
            title = f"Предоплата по договору {contract}"
            lines.append(_line(ToPay(reference, contract.pk, title, ZERO), query, True))
    return lines


def _line(row: ToPay, query: Mapping[str, str], is_chosen: bool) -> PayLine:
    text = query.get(f"sum:{row.reference}", "")
    typed = amount_typed(text) if text else row.open
    is_advance = row.reference.startswith(ADVANCE)
    is_wrong = is_chosen and (typed is None or (typed > row.open and not is_advance) or typed == 0)
    return PayLine(row, row.open if typed is None else typed, is_chosen, is_wrong)


def bill_of(
    group: PayGroup, lines: Sequence[PayLine], accounts: Mapping[int, OrganizationBankAccount]
) -> Bill:
    """What the chosen lines of a group come to."""
    chosen = tuple(line for line in lines if line.is_chosen and not line.is_wrong)
    total = sum((line.amount for line in chosen), ZERO)
    purpose = _purpose(group, chosen) if chosen else ""
    account = accounts.get(group.organization.pk)
    return Bill(group, chosen, total, purpose, account, _qr(group, account, total, purpose))


def pay_address(entity_id: int, amounts: Mapping[str, Decimal]) -> str:
    """The page with these sums chosen already."""
    query: list[tuple[str, str]] = [("entity", str(entity_id))]
    for reference, amount in amounts.items():
        query += [("ref", reference), (f"sum:{reference}", str(q2(amount)))]
    return f"{reverse('finance:pay')}?{urlencode(query)}"


def _purpose(group: PayGroup, lines: Sequence[PayLine]) -> str:
    contracts: dict[int, Contract] = {contract.pk: contract for contract in group.contracts}
    used = {line.row.contract_id for line in lines}
    contract = contracts[used.pop()] if len(used) == 1 else None
    names = [line.row.purpose for line in lines if line.row.purpose]
    return payment_purpose_of(
        names=names,
        contract=(contract.number, contract.date) if contract else None,
        vat_by_rate=_vat(lines),
    )


def _vat(lines: Sequence[PayLine]) -> list[tuple[Decimal | None, Decimal]] | None:
    """VAT by rate where each line tells how it splits, else None."""
    sums: dict[Decimal | None, Decimal] = {}
    for line in lines:
        if not line.row.shares:
            return None
        for rate, gross in share_out(line.amount, line.row.shares):
            vat = q2(gross * rate / (100 + rate)) if rate else ZERO
            sums[rate] = sums.get(rate, ZERO) + vat
    return sorted(sums.items(), key=lambda pair: -1 if pair[0] is None else pair[0], reverse=True)


def _qr(group: PayGroup, account: OrganizationBankAccount | None, total: Decimal, purpose: str) -> str:
    if account is None or not total:
        return ""
    seller = group.organization
    payee = Payee(
        name=seller.name,
        inn=seller.inn,
        kpp=seller.kpp,
        account=account.account,
        bank_name=account.bank_name,
        bic=account.bic,
        correspondent_account=account.correspondent_account,
    )
    try:
        return qr_svg_uri(payment_qr(payee=payee, total=total, purpose=purpose))
    except QrNotPossible:
        return ""
