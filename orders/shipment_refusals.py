"""Why goods cannot be asked for, or a request cannot move; the text is meant for the person."""

from datetime import date, time
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused
from portal.lib.dates import format_date
from portal.lib.money import format_quantity


class ShipmentEmpty(OrderRefused):
    """No line was given a quantity."""

    def __init__(self) -> None:
        super().__init__(_("Укажите, сколько отгрузить, хотя бы в одной строке."))


class ShipmentMixed(OrderRefused):
    """Goods of several payers, contracts or warehouses do not go in one request."""

    def __init__(self) -> None:
        super().__init__(
            _("В одной заявке – товар одного юрлица по одному договору с одного склада. Разделите заявку.")
        )


class ShipmentAsked(OrderRefused):
    """The order is not given up while the warehouse has been asked to ship of it."""

    def __init__(self) -> None:
        super().__init__(_("По заказу есть заявка на отгрузку. Сначала отмените её или попросите менеджера."))


class NotConfirmed(OrderRefused):
    """The order is not in work."""

    def __init__(self, number: str) -> None:
        super().__init__(_("Заказ {number} не подтверждён: отгружать пока нечего.").format(number=number))


class TooMuchAsked(OrderRefused):
    """More than is left of the line, the open requests of others considered."""

    def __init__(self, *, name: str, asked: Decimal, free: Decimal, unit: str) -> None:
        self.asked, self.free = asked, free
        super().__init__(
            _("{name}: можно отгрузить не больше {free} {unit}, указано {asked}.").format(
                name=name, free=format_quantity(free), unit=unit, asked=format_quantity(asked)
            )
        )


class MoneyHolds(OrderRefused):
    """The goods may not leave before money comes."""

    def __init__(self, *, number: str, text: str) -> None:
        super().__init__(_("Заказ {number}: {text}").format(number=number, text=text))


class DayClosed(OrderRefused):
    """The warehouse does not ship on the day."""

    def __init__(self, day: date) -> None:
        super().__init__(_("{day} склад не отгружает. Выберите рабочий день.").format(day=format_date(day)))


class DayPast(OrderRefused):
    """The day is over."""

    def __init__(self) -> None:
        super().__init__(_("Дата отгрузки уже прошла."))


class HoursClosed(OrderRefused):
    """The interval is not within the warehouse's hours, or is none."""

    def __init__(self, opens: time | None, closes: time | None) -> None:
        if opens is None or closes is None:
            text = _("Проверьте время: начало раньше конца.")
        else:
            text = _("Склад отгружает с {opens} до {closes}. Проверьте время.").format(
                opens=f"{opens:%H:%M}", closes=f"{closes:%H:%M}"
            )
        super().__init__(text)


class AttorneyNotValid(OrderRefused):
    """The power of attorney is not valid on the day of shipment."""

    def __init__(self, day: date) -> None:
        super().__init__(
            _("Доверенность не действует {day}. Проверьте её даты или дату отгрузки.").format(
                day=format_date(day)
            )
        )


class AddressMissing(OrderRefused):
    """Goods are to be brought, and nobody said where to."""

    def __init__(self) -> None:
        super().__init__(_("Выберите адрес доставки или самовывоз."))


class AnswerMissing(OrderRefused):
    """The client must learn why."""

    def __init__(self) -> None:
        super().__init__(_("Укажите причину: её увидит клиент."))


class AlreadyReceived(OrderRefused):
    """A shipment is received once."""

    def __init__(self) -> None:
        super().__init__(_("Эта отгрузка уже принята."))


class CountWrong(OrderRefused):
    """A row was given no sensible quantity, or the shipment has other rows by now."""

    def __init__(self) -> None:
        super().__init__(_("Состав отгрузки изменился или количество указано неверно. Проверьте строки."))
