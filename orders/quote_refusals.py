"""Why a request of prices or an offer cannot be what the person asked for."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused


class QuoteEmpty(OrderRefused):
    """Nothing is asked for."""

    def __init__(self) -> None:
        super().__init__(_("Добавьте хотя бы одну строку с количеством."))


class QuoteTooLong(OrderRefused):
    """More lines than a manager could answer at once."""

    def __init__(self, most: int) -> None:
        super().__init__(_("В одном запросе не больше {most} строк.").format(most=most))


class RemarkMissing(OrderRefused):
    """An offer is sent back, or a request turned down, without a word why."""

    def __init__(self) -> None:
        super().__init__(_("Напишите, что не так: без этого вторая сторона не поймёт, что делать."))


class OfferMoved(OrderRefused):
    """Another version has come since the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("Предложение изменилось, пока страница была открыта. Проверьте новую версию."))


class OfferEmpty(OrderRefused):
    """Nothing is priced, or nothing of the offer is chosen."""

    def __init__(self) -> None:
        super().__init__(_("Отметьте хотя бы одну строку с ценой."))


class OfferUnanswered(OrderRefused):
    """Some lines were left without an answer, or the answer is of other lines."""

    def __init__(self) -> None:
        super().__init__(_("Ответьте по каждой строке: цена или «не предложим»."))


class OfferDayWrong(OrderRefused):
    """Prices cannot be held until that day."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Срок предложения: не раньше сегодняшнего дня и не дальше {most} дней.").format(most=most)
        )


class OfferDoubled(OrderRefused):
    """The same good is offered in two lines."""

    def __init__(self, name: str) -> None:
        super().__init__(_("«{name}» предложен в двух строках. Оставьте одну.").format(name=name))


class OfferGoodMissing(OrderRefused):
    """A price without a good of the catalogue."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Выберите товар каталога для строки «{name}», чтобы дать цену.").format(name=name))


class OfferTooLow(OrderRefused):
    """Prices are below the floor, or below purchase, and nobody has confirmed that."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(
            _("Ниже допустимой цены: {names}. Поднимите цену или подтвердите её.").format(
                names=", ".join(names)
            )
        )


class OfferExpired(OrderRefused):
    """The last day of the prices has passed."""

    def __init__(self) -> None:
        super().__init__(_("Срок цен истёк. Попросите менеджера продлить предложение."))
