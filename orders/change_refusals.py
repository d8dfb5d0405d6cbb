"""Why an order cannot be changed; the text is meant for the person."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused
from portal.lib.dates import format_moment
from portal.lib.money import format_quantity


class ChangeEmpty(OrderRefused):
    """No quantity is another than before."""

    def __init__(self) -> None:
        super().__init__(_("Количества те же: менять нечего."))


class ChangeGrows(OrderRefused):
    """An order only shrinks."""

    def __init__(self, name: str) -> None:
        super().__init__(_("{name}: увеличить нельзя. Закажите недостающее отдельно.").format(name=name))


class BelowFloor(OrderRefused):
    """So much of the line has left or is asked to leave."""

    def __init__(self, *, name: str, floor: Decimal, unit: str) -> None:
        self.floor = floor
        super().__init__(
            _("{name}: меньше {floor} {unit} нельзя, столько отгружено или в заявках на отгрузку.").format(
                name=name, floor=format_quantity(floor), unit=unit
            )
        )


class ChangeLate(OrderRefused):
    """The last moment for changes has passed."""

    def __init__(self, deadline: datetime) -> None:
        super().__init__(
            _("Изменить можно было до {moment}. Обратитесь к менеджеру.").format(
                moment=format_moment(deadline)
            )
        )


class ChangeClosed(OrderRefused):
    """The goods are being picked, have left, or the order is given up."""

    def __init__(self) -> None:
        super().__init__(_("Эту часть заказа уже не изменить: она собирается, отгружена или отменена."))


class ChangeWaits(OrderRefused):
    """Another change of the order waits for a decision."""

    def __init__(self) -> None:
        super().__init__(_("Прошлое изменение заказа ещё ждёт решения. Отзовите его или дождитесь ответа."))
