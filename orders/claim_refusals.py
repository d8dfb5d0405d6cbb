"""Why a claim cannot be made or moved; the text is meant for the person."""

from decimal import Decimal

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused
from portal.lib.money import format_quantity


class ClaimEmpty(OrderRefused):
    """No row was given a quantity."""

    def __init__(self) -> None:
        super().__init__(_("Укажите количество хотя бы в одной строке."))


class ClaimTooMuch(OrderRefused):
    """More than was shipped, less what other claims hold of it."""

    def __init__(self, *, name: str, free: Decimal, unit: str) -> None:
        self.free = free
        super().__init__(
            _("{name}: в рекламацию можно включить не больше {free} {unit}.").format(
                name=name, free=format_quantity(free), unit=unit
            )
        )


class ClaimRowsChanged(OrderRefused):
    """The shipment has other rows by now, or the quantity is none."""

    def __init__(self) -> None:
        super().__init__(_("Состав отгрузки изменился или количество указано неверно. Проверьте строки."))


class ClaimWordsMissing(OrderRefused):
    """Goods that came broken or wrong need a word of what is wrong."""

    def __init__(self) -> None:
        super().__init__(_("Опишите, что не так: без описания решение не принять."))


class ClaimFileRefused(OrderRefused):
    """What was sent is not taken; the message says which file and why."""


class ReasonMissing(OrderRefused):
    """The client must learn why."""

    def __init__(self) -> None:
        super().__init__(_("Укажите причину: её увидит клиент."))


class NothingApproved(OrderRefused):
    """A claim of which nothing is approved is rejected."""

    def __init__(self) -> None:
        super().__init__(_("Ничего не одобрено. Если рекламация не принята, отклоните её с причиной."))


class DecisionWrong(OrderRefused):
    """More than was claimed, or rows of another claim."""

    def __init__(self) -> None:
        super().__init__(_("Одобрить можно не больше, чем заявлено. Проверьте количества."))


class NotByGoods(OrderRefused):
    """Money was asked for: it is credited, not replaced."""

    def __init__(self) -> None:
        super().__init__(_("Клиент просит вернуть деньги: проведите возврат."))


class ReturnNotFit(OrderRefused):
    """The return is of another shipment, deleted, or has credited another claim."""

    def __init__(self) -> None:
        super().__init__(_("Этот возврат отменён в 1С или уже зачтён по другой рекламации."))


class NotLeftToReturn(OrderRefused):
    """Less of the goods is left of the shipments than the claim was approved for."""

    def __init__(self) -> None:
        super().__init__(
            _("Столько товара по этому заказу не осталось: 1С изменила отгрузку или провела возврат.")
        )


class ReturnThere(OrderRefused):
    """1C has made a return of these goods meanwhile: a second one would credit twice."""

    def __init__(self, number: str) -> None:
        super().__init__(
            _("В 1С уже есть возврат {number} на эти товары. Зачтите рекламацию по нему.").format(
                number=number
            )
        )


class NotCreditedHere(OrderRefused):
    """1C makes out corrections of this organization: its return has to come."""

    def __init__(self) -> None:
        super().__init__(_("Корректировки этой организации оформляет 1С: дождитесь её возврата."))
