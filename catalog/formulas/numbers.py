"""Numbers of formulas: decimal, of a fixed precision and a bounded size."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_FLOOR,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from django.utils.translation import gettext as _

from catalog.formulas.faults import FormulaFault

PRECISION = 34
PLACES = 12
"""Digits after the point that comparisons and roundings look at: 2/3·9 is six, neither more nor less."""
LARGEST = Decimal(10) ** 15
MOST_POWER = 100

_SIGNIFICANT = Decimal(1).scaleb(-PLACES)
_SHOWN = Decimal("0.000001")
_TRAPS = [DivisionByZero, InvalidOperation, Overflow]
_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_UP, Emin=-60, Emax=60, traps=_TRAPS)
_TELLING, _LEAST_PLACES, _MOST_PLACES = 4, 2, PLACES
_ZERO, _ONE = Decimal(0), Decimal(1)


def bounded(value: Decimal, position: int = 0) -> Decimal:
    """The number itself. Raises FormulaFault for one that is none, or too large."""
    if not value.is_finite() or abs(value) > LARGEST:
        raise FormulaFault(_("Слишком большое число: допустимо до 10^15"), position)
    return value


def add(a: Decimal, b: Decimal) -> Decimal:
    return _CONTEXT.add(a, b)


def subtract(a: Decimal, b: Decimal) -> Decimal:
    return _CONTEXT.subtract(a, b)


def multiply(a: Decimal, b: Decimal) -> Decimal:
    return _CONTEXT.multiply(a, b)


def divide(a: Decimal, b: Decimal) -> Decimal:
    """Raises FormulaFault for a division by nought, or by what cannot be told from it."""
    if significant(b) == 0:
        raise FormulaFault(_("Деление на ноль"))
    return _CONTEXT.divide(a, b)


def remainder(a: Decimal, b: Decimal) -> Decimal:
    """What is left of `a` when taken in parts of `b`; of the sign of `b`. Raises FormulaFault."""
    return _CONTEXT.subtract(a, _CONTEXT.multiply(b, floor(divide(a, b))))


def power(a: Decimal, b: Decimal) -> Decimal:
    """Raises FormulaFault for an exponent over a hundred, a root of a negative, nought to a negative."""
    if abs(b) > MOST_POWER:
        raise FormulaFault(_("Слишком большая степень: допустимо от −100 до 100"))
    if a == 0:
        if b < 0:
            raise FormulaFault(_("Деление на ноль"))
        return _ONE if b == 0 else _ZERO
    if a < 0 and b != b.to_integral_value():
        raise FormulaFault(_("Дробная степень отрицательного числа"))
    return _CONTEXT.power(a, b)


def square_root(a: Decimal) -> Decimal:
    if a < 0:
        raise FormulaFault(_("Корень из отрицательного числа"))
    return _CONTEXT.sqrt(a)


def significant(a: Decimal) -> Decimal:
    """The number as it is compared."""
    return a.quantize(_SIGNIFICANT, ROUND_HALF_UP, _CONTEXT)


def ceiling(a: Decimal) -> Decimal:
    return significant(a).to_integral_value(ROUND_CEILING)


def floor(a: Decimal) -> Decimal:
    return significant(a).to_integral_value(ROUND_FLOOR)


def half_up(a: Decimal, digits: Decimal = _ZERO) -> Decimal:
    """Round to so many digits after the point, half away from nought."""
    if digits != digits.to_integral_value() or not 0 <= digits <= PLACES:
        raise FormulaFault(_("Знаков после запятой может быть от 0 до 12"))
    return significant(a).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP, _CONTEXT)


def up_to_step(a: Decimal, step: Decimal) -> Decimal:
    """The least multiple of the step that is not less."""
    if significant(step) <= 0:
        raise FormulaFault(_("Шаг округления должен быть больше нуля"))
    return _CONTEXT.multiply(ceiling(divide(a, step)), step)


def counted(operation: Callable[..., Decimal], *operands: Decimal, position: int = 0) -> Decimal:
    """Do one operation. Raises FormulaFault at this position for whatever goes wrong with numbers."""
    try:
        return bounded(operation(*operands), position)
    except FormulaFault as fault:
        raise FormulaFault(fault.message, fault.position or position) from fault
    except (Overflow, InvalidOperation, DivisionByZero) as error:
        raise FormulaFault(_("Слишком большое число: допустимо до 10^15"), position) from error


def telling(value: Decimal) -> Decimal:
    """Round for reading to four digits that tell, but never further than two after the point."""
    places = min(max(_LEAST_PLACES, _TELLING - 1 - value.adjusted()), _MOST_PLACES)
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT)


def plain_number(value: Decimal) -> str:
    """Write a number for people and for files: no exponent, six digits after the point at most."""
    text = f"{value.quantize(_SHOWN, ROUND_HALF_UP, _CONTEXT):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
