"""Requisites of Russian firms and banks: format and check digits.

Every check takes normalised text and returns a Russian reason for the person who typed it, or None.
Own code: python-stdnum 2.2 accepts an INN of zeros, refuses 23 % of good OGRNIP and knows
neither KPP, BIK nor bank accounts.
"""

import re

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_KPP = re.compile(r"([0-9][1-9]|[1-9][0-9])[0-9]{2}[0-9A-Z]{2}[0-9]{3}")
_ACCOUNT = re.compile(r"[1-9][0-9]{4}[0-9ABCEHKMPTX][0-9]{14}")
_ACCOUNT_LETTERS = str.maketrans("ABCEHKMPTX", "0123456789")
_ACCOUNT_WEIGHTS = (7, 1, 3)
_SETTLEMENT_CENTRES = frozenset({"000", "001", "002"})
_TREASURY_ACCOUNT = "40102"
_PRIVATE_PERSON_ACCOUNT = "40817"


def normalise(text: str) -> str:
    """Take out every kind of space, so that a number pasted from a letter is accepted."""
    return "".join(text.split())


def inn_error(inn: str) -> str | None:
    """Check an INN of a firm (10 digits) or of a person (12 digits)."""
    if not _is_digits(inn) or len(inn) not in {10, 12}:
        return "ИНН состоит из 10 цифр у организации и из 12 цифр у предпринимателя."
    if inn.startswith("00"):
        return "ИНН не может начинаться с двух нулей."
    if len(inn) == 10:
        right = inn[9] == _inn_digit(inn, _INN_10)
    else:
        right = inn[10] == _inn_digit(inn, _INN_11) and inn[11] == _inn_digit(inn, _INN_12)
    return None if right else "Контрольная цифра ИНН не сходится: проверьте, нет ли опечатки."


def kpp_error(kpp: str, inn: str) -> str | None:
    """Check a KPP beside its INN: a firm has one, an entrepreneur has none."""
    if len(inn) == 12:
        return "У предпринимателя нет КПП: оставьте поле пустым." if kpp else None
    if not kpp:
        return "Укажите КПП организации."
    if not _KPP.fullmatch(kpp):
        return "КПП состоит из 9 знаков: код налогового органа, код причины и номер."
    return None


def ogrn_error(ogrn: str) -> str | None:
    """Check an OGRN of a firm: 13 digits, the first is 1 or 5."""
    if not _is_digits(ogrn) or len(ogrn) != 13 or ogrn[0] not in "15":
        return "ОГРН организации состоит из 13 цифр и начинается с 1 или 5."
    if int(ogrn[12]) != int(ogrn[:12]) % 11 % 10:
        return "Контрольная цифра ОГРН не сходится: проверьте, нет ли опечатки."
    return None


def ogrnip_error(ogrnip: str) -> str | None:
    """Check an OGRNIP of an entrepreneur: 15 digits, the first is 3."""
    if not _is_digits(ogrnip) or len(ogrnip) != 15 or ogrnip[0] != "3":
        return "ОГРНИП состоит из 15 цифр и начинается с 3."
    if int(ogrnip[14]) != int(ogrnip[:14]) % 13 % 10:
        return "Контрольная цифра ОГРНИП не сходится: проверьте, нет ли опечатки."
    return None


def bic_error(bic: str) -> str | None:
    """Check the shape of a BIK; whether such a bank exists only the directory can tell."""
    if not _is_digits(bic) or len(bic) != 9 or bic[:2] not in {"00", "01", "02", "04"}:
        return "БИК состоит из 9 цифр и начинается с 04, у казначейства — с 00, 01 или 02."
    return None


def account_error(account: str, bic: str) -> str | None:
    """Check a firm's settlement account by the key of the Bank of Russia (order 515)."""
    if not _ACCOUNT.fullmatch(account):
        return "Расчётный счёт состоит из 20 цифр."
    if account.startswith(_PRIVATE_PERSON_ACCOUNT):
        return "Это счёт физического лица. Нужен расчётный счёт организации или предпринимателя."
    if bic_error(bic):
        return "Сначала укажите верный БИК: без него счёт не проверить."
    by_centre = bic[6:] in _SETTLEMENT_CENTRES or account.startswith(_TREASURY_ACCOUNT)
    if not _account_key_matches(account, _centre_prefix(bic) if by_centre else bic[6:]):
        return "Счёт не подходит к БИК: проверьте оба номера."
    return None


def correspondent_account_error(account: str, bic: str) -> str | None:
    """Check a bank's correspondent account; settlement centres have none."""
    if bic_error(bic):
        return "Сначала укажите верный БИК: без него счёт не проверить."
    if not account:
        return None if bic[6:] in _SETTLEMENT_CENTRES else "Укажите корреспондентский счёт банка."
    treasury = account.startswith(_TREASURY_ACCOUNT)
    if not _ACCOUNT.fullmatch(account) or not (treasury or account.startswith("301")):
        return "Корреспондентский счёт состоит из 20 цифр и начинается с 301."
    if not treasury and account[-3:] != bic[-3:]:
        return "Последние три цифры корреспондентского счёта должны совпадать с БИК."
    if not _account_key_matches(account, _centre_prefix(bic)):
        return "Корреспондентский счёт не подходит к БИК: проверьте оба номера."
    return None


def _is_digits(text: str) -> bool:
    """Only 0-9: str.isdigit also takes Arabic and superscript digits."""
    return text.isascii() and text.isdigit()


def _inn_digit(inn: str, weights: tuple[int, ...]) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(inn, weights, strict=False))
    return str(total % 11 % 10)


def _centre_prefix(bic: str) -> str:
    return f"0{bic[4:6]}"


def _account_key_matches(account: str, prefix: str) -> bool:
    digits = prefix + account.translate(_ACCOUNT_LETTERS)
    total = sum(int(digit) * _ACCOUNT_WEIGHTS[place % 3] for place, digit in enumerate(digits))
    return total % 10 == 0
