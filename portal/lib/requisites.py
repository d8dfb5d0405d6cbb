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
_PRIVATE_PERSON_ACCOUNTS = frozenset({"40817", "40820", "42301"})
_ENTREPRENEUR_ACCOUNT = "40802"
_FIRM_ACCOUNTS = frozenset({"40701", "40702", "40703", "40602", "40603"})
_BUDGET_ACCOUNTS = frozenset({"40501", "40502", "40503", "40601"})
_ROUBLE = "810"
_LARGEST_TAXPAYER = "50"
_KNOWN_KPP_REASONS = frozenset({"01", "02", "03", "04", "05", "31", "32", "43", "44", "45", "50", "51"})
_PHONE = re.compile(r"\+?[0-9][0-9 ()\-]{4,24}[0-9]( ?(доб\.?|#) ?[0-9]{1,6})?")
_EDO_ID = re.compile(r"[0-9A-Z]{3}[0-9A-Za-z@._\-]{4,43}")
_NAME = re.compile(r"[А-ЯЁа-яёA-Za-z][А-ЯЁа-яёA-Za-z.\-' ]{2,}")


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
    if account[:5] in _PRIVATE_PERSON_ACCOUNTS:
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
    if treasury and bic.startswith("04"):
        return "Это казначейский счёт, а БИК — банка: проверьте оба номера."
    if not treasury and account[-3:] != bic[-3:]:
        return "Последние три цифры корреспондентского счёта должны совпадать с БИК."
    if not _account_key_matches(account, _centre_prefix(bic)):
        return "Корреспондентский счёт не подходит к БИК: проверьте оба номера."
    return None


def account_owner_error(account: str, inn: str) -> str | None:
    """Tell an account of somebody else's legal form: 40802 is an entrepreneur's, 40702 a firm's."""
    if len(inn) == 10 and account.startswith(_ENTREPRENEUR_ACCOUNT):
        return "Это счёт предпринимателя, а реквизиты — организации. Проверьте номер счёта."
    if len(inn) == 12 and account[:5] in _FIRM_ACCOUNTS:
        return "Это счёт организации, а реквизиты — предпринимателя. Проверьте номер счёта."
    return None


def account_warning(account: str) -> str | None:
    """Doubt an account that is right by its key, but unusual for a buyer."""
    if account[5:8] != _ROUBLE and account[:5] not in _BUDGET_ACCOUNTS:
        return "Счёт не в рублях: счета на оплату выставляем в рублях."
    if account[:5] not in _FIRM_ACCOUNTS | _BUDGET_ACCOUNTS | {_ENTREPRENEUR_ACCOUNT, _TREASURY_ACCOUNT}:
        return f"Необычный балансовый счёт {account[:5]}: у организаций обычно 40702, у ИП 40802."
    return None


def kpp_warning(kpp: str, inn: str) -> str | None:
    """Doubt a КПП of another region than the ИНН: right for a branch, else a slip."""
    if len(kpp) != 9 or len(inn) != 10 or kpp[4:6] == _LARGEST_TAXPAYER:
        return None
    if kpp[:2] != inn[:2]:
        return (
            f"КПП выдан в регионе {kpp[:2]}, ИНН — в регионе {inn[:2]}. Верно, если это филиал или переезд."
        )
    if kpp[4:6] not in _KNOWN_KPP_REASONS:
        return f"Редкий код причины постановки на учёт в КПП: {kpp[4:6]}."
    return None


def okpo_error(okpo: str, inn: str) -> str | None:
    """Check the length of an ОКПО: 8 digits of a firm, 10 of an entrepreneur; empty is not told."""
    wanted = 10 if len(inn) == 12 else 8
    if okpo and not (_is_digits(okpo) and len(okpo) == wanted):
        return f"ОКПО состоит из {wanted} цифр."
    return None


def phone_error(phone: str) -> str | None:
    """Check that a phone can be dialled: 10-15 digits, +, brackets, dashes, «доб.»; empty is not told."""
    if not phone:
        return None
    number = phone.partition("доб")[0].partition("#")[0]
    if not _PHONE.fullmatch(phone) or not 10 <= sum(sign.isdigit() for sign in number) <= 15:
        return "Укажите телефон с кодом города, например +7 495 123-45-67."
    return None


def person_name_error(name: str) -> str | None:
    """Check that a surname and a name (or initials) are there; empty is not told."""
    if name and (not _NAME.fullmatch(name) or len(name.replace(".", " ").split()) < 2):
        return "Укажите фамилию и имя или инициалы буквами."
    return None


def edo_id_error(edo_id: str) -> str | None:
    """Check the shape of an ЭДО participant id: operator, then its own signs; empty is not told."""
    if edo_id and not _EDO_ID.fullmatch(edo_id):
        return (
            "Идентификатор участника ЭДО начинается с кода оператора, например 2BM, и не содержит пробелов."
        )
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
