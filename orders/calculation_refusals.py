"""Why a reckoning cannot be kept or put into a cart."""

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused


class CalculationEmpty(OrderRefused):
    """A reckoning has come to no goods."""

    def __init__(self) -> None:
        super().__init__(_("В расчёте нет ни одного товара."))


class CalculationsTooMany(OrderRefused):
    """One person keeps more reckonings than anybody could use."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Сохранено уже {most} расчётов. Удалите лишние.").format(most=most))


class CalculationWentAlready(OrderRefused):
    """The same page has put its goods into the cart by an earlier click."""

    def __init__(self) -> None:
        super().__init__(_("Эти товары уже положены в корзину. Чтобы добавить ещё раз, обновите страницу."))
