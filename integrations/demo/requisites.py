"""Check digits of Russian requisites, to make invented but valid ones.

Sources: ФНС (ИНН, ОГРН), Банк России № 515 (key of an account).
"""

_INN_LEGAL = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_PERSON = ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


def _inn_digit(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11 % 10)


def legal_inn(nine: str) -> str:
    """Complete the ИНН of a legal entity from its first nine digits."""
    return nine + _inn_digit(nine, _INN_LEGAL)


def person_inn(ten: str) -> str:
    """Complete the ИНН of an entrepreneur from its first ten digits."""
    eleven = ten + _inn_digit(ten, _INN_PERSON[0])
    return eleven + _inn_digit(eleven, _INN_PERSON[1])


def ogrn(twelve: str) -> str:
    """Complete the ОГРН of a legal entity from its first twelve digits."""
    return twelve + str(int(twelve) % 11 % 10)


def ogrnip(fourteen: str) -> str:
    """Complete the ОГРНИП of an entrepreneur from its first fourteen digits."""
    return fourteen + str(int(fourteen) % 13 % 10)


def account(bic: str, balance: str, serial: str) -> str:
    """Make a settlement account of a bank: balance account, roubles, the key, eleven digits of serial."""
    draft = f"{balance}810{{}}{serial}"
    for key in "0123456789":
        candidate = draft.format(key)
        signs = bic[6:] + candidate
        if sum(int(sign) * (7, 1, 3)[place % 3] for place, sign in enumerate(signs)) % 10 == 0:
            return candidate
    raise ValueError(f"Нет ключа для счёта {draft} в банке {bic}")
