"""Why a price is what it is, in words: in full for employees, plainly for the client.

The client's words never name a price type, a floor or a margin: a floor only makes his discount smaller.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from portal.lib.dates import format_date
from portal.lib.money import format_price, format_quantity
from pricing.arithmetic import from_units
from pricing.discounts import Unmet
from pricing.models import Rounding
from pricing.selectors import PriceExplanation, PriceQuote
from pricing.selectors.explanation import Considered
from pricing.terms import ROUBLE, PriceSource


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the chain; a decisive one stands out, an idle one changed nothing."""

    label: str
    text: str
    is_decisive: bool = False
    is_idle: bool = False


def reasons_in_full(explanation: PriceExplanation) -> tuple[Reason, ...]:
    """The whole chain for managers and administrators: closed price types and floors, too."""
    return tuple(_in_full(explanation))


def reasons_for_client(explanation: PriceExplanation) -> tuple[Reason, ...]:
    """What the client may know, in plain words."""
    return tuple(_for_client(explanation))


def _in_full(explanation: PriceExplanation) -> Iterator[Reason]:
    terms, price = explanation.terms, explanation.price
    yield Reason(_("Вид цен"), _type_text(explanation))
    if terms.price_type_id is not None:
        yield Reason(_("Цена этого вида"), _step_text(explanation))
    if terms.price_type_id is not None and terms.currency != ROUBLE:
        yield Reason(_("Курс"), _rate_text(explanation))
    for rule in explanation.considered:
        yield Reason(
            _("Скидка"),
            _rule_text(rule),
            is_decisive=rule.is_taken and price.agreed is None,
            is_idle=not rule.is_taken,
        )
    if terms.floor_type_id is not None and terms.price_type_id is not None:
        yield _floor(explanation)
    if price.computed and (price.discount or terms.currency != ROUBLE):
        yield Reason(_("Округление"), _rounding_text(explanation))
    if price.agreed is not None:
        text = _("{price} по договору{conditions}. Стоит выше вида цен и скидок").format(
            price=_roubles(price.agreed.units),
            conditions=_conditions(
                price.agreed.minimum_quantity, price.agreed.valid_from, price.agreed.valid_until
            ),
        )
        yield Reason(_("Индивидуальная цена"), text, is_decisive=True)
    yield _result(explanation.result, _("Итоговая цена"))


def _for_client(explanation: PriceExplanation) -> Iterator[Reason]:
    terms, price, quote = explanation.terms, explanation.price, explanation.result
    if quote is None:
        yield Reason(_("Цена"), _("По запросу: спросите у вашего менеджера"), is_decisive=True)
        return
    if price.agreed is not None:
        agreed = _conditions(price.agreed.minimum_quantity, price.agreed.valid_from, price.agreed.valid_until)
        yield Reason(_("Откуда цена"), _("Согласована в вашем договоре{when}").format(when=agreed))
    elif terms.source is not None:
        yield Reason(_("Откуда цена"), _sources_for_client()[terms.source])
        if terms.currency != ROUBLE:
            yield Reason(_("В валюте"), _rate_text(explanation))
        if quote.has_saving and price.discount is not None:
            rule = price.discount
            yield Reason(_("Цена без скидки"), f"{quote.list_text} ₽")
            conditions = _conditions(rule.minimum_quantity, None, rule.valid_until)
            yield Reason(_("Скидка"), f"{_percent(quote.discount_percent)}{conditions}")
    yield _result(quote, _("Ваша цена"))


def _sources_for_client() -> dict[PriceSource, str]:
    return {
        PriceSource.CONTRACT: _("Цены вашего договора"),
        PriceSource.CLIENT: _("Цены, назначенные вашей компании"),
        PriceSource.CITY: _("Цены вашего города"),
        PriceSource.BASE: _("Общий прайс-лист"),
    }


def _type_text(explanation: PriceExplanation) -> str:
    terms = explanation.terms
    if terms.source is None:
        return _("Открытого вида цен нет ни у договора, ни у клиента, ни у города; базового тоже нет")
    reasons = {
        PriceSource.CONTRACT: _("назначен договору"),
        PriceSource.CLIENT: _("назначен клиенту"),
        PriceSource.CITY: _("назначен городу"),
        PriceSource.BASE: _("базовый: других не назначено"),
    }
    return f"«{terms.price_type_name}», {reasons[terms.source]}"


def _step_text(explanation: PriceExplanation) -> str:
    terms, step = explanation.terms, explanation.price.step
    if not terms.has_prices:
        return _("По запросу: нет курса {currency} на {day}").format(
            currency=terms.currency, day=format_date(terms.on)
        )
    if step is None:
        return _("Не назначена: по запросу")
    if not step.units:
        return _("Нулевая: по запросу")
    return (
        f"{format_price(from_units(step.units))} {_sign(terms.currency)}{_conditions(step.minimum_quantity)}"
    )


def _rate_text(explanation: PriceExplanation) -> str:
    terms, price = explanation.terms, explanation.price
    if terms.rate is None:
        return _("Не указан")
    rate = f"{terms.rate.normalize():f}".replace(".", ",")
    text = _("{rate} ₽ за {currency} на {day}").format(
        rate=rate, currency=terms.currency, day=format_date(terms.on)
    )
    if price.step is None or not price.step.units:
        return text
    amount = f"{format_price(from_units(price.step.units))} {terms.currency}"
    return f"{amount} × {text} = {_roubles(price.listed)}"


def _rule_text(rule: Considered) -> str:
    discount = rule.discount
    conditions = _conditions(discount.minimum_quantity, discount.valid_from, discount.valid_until)
    priority = _(", приоритет {priority}").format(priority=discount.priority) if discount.priority else ""
    name = f"«{discount.name}» {_percent(Decimal(discount.percent).scaleb(-2))}{conditions}{priority}"
    if rule.is_taken:
        return name
    if rule.unmet is None:
        return _("{rule}: не применена, есть другая или скидки не даются").format(rule=name)
    return f"{name}: {Unmet(rule.unmet).label}"


def _floor(explanation: PriceExplanation) -> Reason:
    terms, price = explanation.terms, explanation.price
    name = f"«{explanation.floor_name}»"
    label = _("Не ниже")
    if terms.has_unknown_floor:
        text = _("{name}: нет курса {currency}, поэтому скидки не даются")
        return Reason(label, text.format(name=name, currency=terms.floor_currency))
    if price.floor is None or not price.floor.units:
        return Reason(label, _("{name}: цены нет, предела нет").format(name=name), is_idle=True)
    amount = f"{format_price(from_units(price.floor.units))} {_sign(terms.floor_currency)}"
    if price.discount is not None and price.is_floored:
        text = _("{name}, {amount}: скидка не опустила цену ниже")
        return Reason(label, text.format(name=name, amount=amount), is_decisive=price.agreed is None)
    return Reason(label, _("{name}, {amount}: не мешает").format(name=name, amount=amount), is_idle=True)


def _rounding_text(explanation: PriceExplanation) -> str:
    terms, price = explanation.terms, explanation.price
    way = Rounding(terms.rounding).label.lower()
    step = f"{terms.rounding_step.normalize():f}".replace(".", ",")
    return _("До {step} ₽ {way}: {before} → {after}").format(
        step=step, way=way, before=_roubles(price.lowered), after=_roubles(price.computed)
    )


def _result(quote: PriceQuote | None, label: str) -> Reason:
    if quote is None:
        return Reason(label, _("по запросу"), is_decisive=True)
    vat = _("с НДС") if quote.is_vat_included else _("без НДС")
    return Reason(label, f"{quote.text} ₽ {vat}", is_decisive=True)


def _conditions(minimum: Decimal, first: date | None = None, last: date | None = None) -> str:
    parts = [_("от {quantity}").format(quantity=format_quantity(minimum))] if minimum > 1 else []
    if first is not None:
        parts.append(_("с {day}").format(day=format_date(first)))
    if last is not None:
        parts.append(_("по {day}").format(day=format_date(last)))
    return "".join(f", {part}" for part in parts)


def _percent(percent: Decimal) -> str:
    return f"{percent.normalize():f} %".replace(".", ",")


def _roubles(units: int) -> str:
    return f"{format_price(from_units(units))} ₽"


def _sign(currency: str) -> str:
    return "₽" if currency == ROUBLE else currency
