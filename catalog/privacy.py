"""Whether a text that somebody typed tells of a person: such texts are not kept."""

import re

from portal.lib.requisites import inn_error

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
# Digits as telephones are written: brackets, dashes, dots and spaces between them.
_NUMBER = re.compile(r"\+?\d(?:[\s().\-\u2010-\u2015]*\d)*")
_BARCODE_LENGTHS = frozenset({8, 12, 13, 14})
_LEAST_DIGITS = 10


def is_personal(text: str) -> bool:
    """Whether the text holds an e-mail address or ten and more digits that are no barcode.

    A barcode is 8, 12, 13 or 14 digits in one piece; twelve digits that are a right ИНН of a person are
    none unless their own check digit makes them one.
    """
    return bool(_MAIL.search(text)) or any(_is_number_of_person(one) for one in _NUMBER.findall(text))


def _is_number_of_person(written: str) -> bool:
    digits = re.sub(r"\D", "", written)
    if len(digits) < _LEAST_DIGITS:
        return False
    if digits != written or len(digits) not in _BARCODE_LENGTHS:
        return True
    return len(digits) == 12 and inn_error(digits) is None and not _is_barcode(digits)


def _is_barcode(digits: str) -> bool:
    """Whether the check digit of GS1 fits."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0
