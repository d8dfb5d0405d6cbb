"""Russian numbers in words, as documents need them.

Own code because num2words prints kopecks in words and gets the feminine wrong from a million.
"""

from decimal import Decimal

from portal.lib.money import q2

_UNITS = (
    "", "один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять",
    "одиннадцать", "двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать",
    "семнадцать", "восемнадцать", "девятнадцать",
)  # fmt: skip
_TENS = (
    "", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят",
    "девяносто",
)  # fmt: skip
_HUNDREDS = (
    "", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот",
)  # fmt: skip
_FEMININE = {1: "одна", 2: "две"}
_SCALES = (
    ("тысяча", "тысячи", "тысяч"),
    ("миллион", "миллиона", "миллионов"),
    ("миллиард", "миллиарда", "миллиардов"),
    ("триллион", "триллиона", "триллионов"),
)
_LIMIT = 1000 ** (len(_SCALES) + 1)


def plural(count: int, one: str, few: str, many: str) -> str:
    """Choose the form that goes with the count: 1 товар, 2 товара, 5 товаров."""
    rest = abs(count) % 100
    if 11 <= rest <= 14:
        return many
    last = rest % 10
    if last == 1:
        return one
    return few if 2 <= last <= 4 else many


def number_in_words(number: int, *, feminine: bool = False) -> str:
    """Spell a whole number from 0 to 999 trillion; `feminine` is for the counted noun («две тонны»).

    Raises ValueError outside of that range.
    """
    if not 0 <= number < _LIMIT:
        raise ValueError(f"No words for {number}")
    if number == 0:
        return "ноль"
    words = _triad(number % 1000, feminine=feminine)
    for power, forms in enumerate(_SCALES, start=1):
        triad = number // 1000**power % 1000
        if triad:
            words = [*_triad(triad, feminine=power == 1), plural(triad, *forms), *words]
    return " ".join(words)


def roubles_in_words(value: Decimal) -> str:
    """Spell a sum as a document ends with it: «Два рубля 50 копеек». Raises ValueError below zero."""
    value = q2(value)
    if value < 0:
        raise ValueError(f"No words for {value}")
    roubles = int(value)
    kopecks = int((value - roubles) * 100)
    text = (
        f"{number_in_words(roubles)} "
        f"{plural(roubles, 'рубль', 'рубля', 'рублей')} "
        f"{kopecks:02d} {plural(kopecks, 'копейка', 'копейки', 'копеек')}"
    )
    return text[0].upper() + text[1:]


def _triad(number: int, *, feminine: bool) -> list[str]:
    """Spell 0-999 as a list of words."""
    hundreds, rest = divmod(number, 100)
    words = [_HUNDREDS[hundreds]]
    if rest >= 20:
        words.append(_TENS[rest // 10])
        rest %= 10
    words.append(_FEMININE.get(rest, _UNITS[rest]) if feminine else _UNITS[rest])
    return [word for word in words if word]
