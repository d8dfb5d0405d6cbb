"""Payment QR code of ГОСТ Р 56042-2014, which bank applications read into a payment order."""

import re
from dataclasses import dataclass
from decimal import Decimal

import segno

from portal.lib.money import q2

_NAME_LIMIT = 160
_BANK_LIMIT = 45
_PURPOSE_LIMIT = 210
_SUM_DIGITS = 18
_MANDATORY_BYTES = 300
_SEPARATOR = "|"
_ENCODINGS = {"2": "utf-8", "1": "cp1251"}  # in the order of preference
_PRINTED_BORDER = 4
_ACCOUNT = re.compile(r"[1-9][0-9]{4}[0-9ABCEHKMPTX][0-9]{14}")
_BIC = re.compile(r"[0-9]{9}")
_CITY = re.compile(r",?\s+г\.?\s+\S.*$", re.IGNORECASE)


class QrNotPossible(ValueError):
    """The requisites do not fit the standard: print the document without a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who is paid and where; `correspondent_account` is empty for a bank that has none."""

    name: str
    inn: str
    kpp: str
    account: str
    bank_name: str
    bic: str
    correspondent_account: str


def payment_qr(*, payee: Payee, total: Decimal, purpose: str) -> str:
    """Put a payment of `total` roubles into the string of the standard.

    UTF-8 where the mandatory part takes at most 300 bytes of it, else windows-1251.
    Raises QrNotPossible, with the reason.
    """
    mandatory = _mandatory(payee)
    optional = {"PayeeINN": payee.inn, "KPP": payee.kpp, "Sum": _kopecks(total), "Purpose": purpose}
    if len(purpose) > _PURPOSE_LIMIT:
        raise QrNotPossible(f"Purpose is longer than {_PURPOSE_LIMIT} characters")
    for code, encoding in _ENCODINGS.items():
        head = _joined(f"ST0001{code}", mandatory)
        whole = _joined(head, {key: value for key, value in optional.items() if value})
        if _fits(whole, head, encoding):
            return whole
    raise QrNotPossible(f"The mandatory part is longer than {_MANDATORY_BYTES} bytes")


def qr_svg_uri(payload: str) -> str:
    """Draw the string as an SVG data address: level M, quiet zone of 4 modules, no ECI header."""
    return _symbol(payload).svg_data_uri(border=_PRINTED_BORDER, omitsize=True)


def _symbol(payload: str) -> segno.QRCode:
    encoding = _ENCODINGS[payload[6]]
    return segno.make_qr(payload, error="m", mode="byte", encoding=encoding, eci=False, boost_error=False)


def _mandatory(payee: Payee) -> dict[str, str]:
    """Keys in the order of the standard. Raises QrNotPossible."""
    if not payee.name or len(payee.name) > _NAME_LIMIT:
        raise QrNotPossible(f"Name is empty or longer than {_NAME_LIMIT} characters")
    if not _ACCOUNT.fullmatch(payee.account):
        raise QrNotPossible(f"PersonalAcc is not an account: {payee.account}")
    if not _BIC.fullmatch(payee.bic):
        raise QrNotPossible(f"BIC is not 9 digits: {payee.bic}")
    return {
        "Name": payee.name,
        "PersonalAcc": payee.account,
        "BankName": _bank_name(payee.bank_name),
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent_account or "0",
    }


def _bank_name(name: str) -> str:
    """A name that is too long loses its city first: «ПАО БАНК г. Москва» -> «ПАО БАНК»."""
    if len(name) > _BANK_LIMIT:
        name = _CITY.sub("", name)
    return name[:_BANK_LIMIT].strip()


def _kopecks(total: Decimal) -> str:
    if total <= 0:
        raise QrNotPossible(f"Nothing to pay: {total}")
    kopecks = str(int(q2(total) * 100))
    if len(kopecks) > _SUM_DIGITS:
        raise QrNotPossible(f"Sum is longer than {_SUM_DIGITS} digits")
    return kopecks


def _joined(head: str, values: dict[str, str]) -> str:
    return _SEPARATOR.join([head, *(f"{key}={_plain(value)}" for key, value in values.items())])


def _plain(value: str) -> str:
    """One line, and the separator stays the separator."""
    return " ".join(value.replace(_SEPARATOR, "/").split())


def _fits(whole: str, mandatory: str, encoding: str) -> bool:
    try:
        whole.encode(encoding)
    except UnicodeEncodeError:
        return False
    return len(mandatory.encode(encoding)) <= _MANDATORY_BYTES
