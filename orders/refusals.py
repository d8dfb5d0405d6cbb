"""Why a cart or an order cannot be what the person asked for; the text is meant for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import LegalEntity
from counterparties.reach import reaches
from finance.selectors.blocks import Decision
from portal.lib.money import format_money, format_quantity


class OrderRefused(Exception):
    """The base of all refusals here; `str()` is a text for the person."""


class WrongQuantity(OrderRefused):
    """The quantity is no number, not above zero, too large, or cuts a piece, or is no multiple."""


class SkuNotOnSale(OrderRefused):
    """Something in the cart is no longer sold."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(_("Снято с продажи: {names}.").format(names=", ".join(names)))


class ContractClosed(OrderRefused):
    """The contract is closed or has run out."""

    def __init__(self) -> None:
        super().__init__(_("Договор закрыт или истек. Обратитесь к менеджеру."))


class OrderBlocked(OrderRefused):
    """Block rules or a credit line do not let the order through; `decision` says which and what to pay."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(decision.text)


def refusal_told(refusal: OrderRefused, *, actor: Actor, entity: LegalEntity) -> str:
    """The text for this person: reasons of a block name debts, which not everybody may see."""
    is_money = isinstance(refusal, OrderBlocked) and refusal.decision.is_money
    if not is_money or reaches(actor, Permission.FINANCE_VIEW, entity=entity, author_id=None):
        return str(refusal)
    return _("Заказ не проходит: по этому договору есть долг или исчерпан лимит. Причину знает бухгалтерия.")


class CityClosed(OrderRefused):
    """The city is no longer served."""

    def __init__(self, city: str) -> None:
        super().__init__(_("Город больше не обслуживается: {city}. Выберите другой.").format(city=city))


class WhyMissing(OrderRefused):
    """An order is held or turned down without a word why."""

    def __init__(self) -> None:
        super().__init__(_("Напишите причину: её увидят в истории заказа."))


class ViewRefused(OrderRefused):
    """A list of orders cannot be kept so."""

    @classmethod
    def nameless(cls) -> "ViewRefused":
        return cls(_("Назовите вид списка."))

    @classmethod
    def taken(cls, name: str) -> "ViewRefused":
        return cls(_("Вид «{name}» уже есть.").format(name=name))

    @classmethod
    def too_many(cls, most: int) -> "ViewRefused":
        return cls(_("Можно сохранить не больше {most} видов. Удалите лишний.").format(most=most))

    @classmethod
    def too_long(cls) -> "ViewRefused":
        return cls(_("Слишком много условий, чтобы сохранить их видом."))


class CartEmpty(OrderRefused):
    """There is nothing to order."""

    def __init__(self) -> None:
        super().__init__(_("Корзина пуста."))


class CartChanged(OrderRefused):
    """The cart is not what the page showed any more, from another tab or by an earlier click."""

    def __init__(self) -> None:
        super().__init__(_("Корзина изменилась с тех пор, как открыта эта страница. Проверьте и повторите."))


class NothingShared(OrderRefused):
    """No recipient has any goods."""

    def __init__(self) -> None:
        super().__init__(_("Укажите количество хотя бы одному получателю."))


class CartStillCurrent(OrderRefused):
    """A current cart is seen by its person only."""

    def __init__(self) -> None:
        super().__init__(_("Текущей корзиной поделиться нельзя: сначала сохраните её под названием."))


class DraftNotShared(OrderRefused):
    """What a manager gathers for a person is that person's alone."""

    def __init__(self) -> None:
        super().__init__(_("Черновиком менеджера поделиться нельзя: его видит тот, для кого он собран."))


class CartsMoved(OrderRefused):
    """What the page compared is no longer so."""

    def __init__(self) -> None:
        super().__init__(_("Корзину изменили, пока вы смотрели. Проверьте строки ещё раз."))


class NothingChosen(OrderRefused):
    """No line, cart or legal entity was ticked."""

    def __init__(self, text: str) -> None:
        super().__init__(text)


class TooManyPlaces(OrderRefused):
    """A cart is wanted for more contracts at once than anybody has."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Выберите не больше {most} договоров за раз.").format(most=most))


class CartOrAddressGone(OrderRefused):
    """The cart or the address of delivery is there no longer."""

    def __init__(self) -> None:
        super().__init__(_("Корзины или адреса доставки уже нет. Обновите страницу."))


class PriceUnknown(OrderRefused):
    """Some lines have no price for this client."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        super().__init__(_("Нет цены, запросите ее у менеджера: {names}.").format(names=", ".join(names)))


@dataclass(frozen=True, slots=True)
class ShortLine:
    """A line for which the city's warehouses hold too little; `is_exact`: the client may know how much."""

    sku_id: int
    name: str
    wanted: Decimal
    available: Decimal
    unit: str
    is_exact: bool = True


class StockShort(OrderRefused):
    """The city's warehouses hold less than was ordered."""

    def __init__(self, lines: Sequence[ShortLine]) -> None:
        self.lines = tuple(lines)
        told = "; ".join(self._told(line) for line in lines)
        super().__init__(_("Не хватает товара. {lines}.").format(lines=told))

    @staticmethod
    def _told(line: ShortLine) -> str:
        if not line.is_exact:
            return _("{name}: столько сейчас нет ({wanted} {unit})").format(
                name=line.name, wanted=format_quantity(line.wanted), unit=line.unit
            )
        return _("{name}: в наличии {available} из {wanted} {unit}").format(
            name=line.name,
            available=format_quantity(line.available),
            wanted=format_quantity(line.wanted),
            unit=line.unit,
        )


class StockBusy(OrderRefused):
    """So many order the same goods at this moment that the wait for them was too long."""

    def __init__(self) -> None:
        super().__init__(_("Сейчас эти товары заказывают многие. Отправьте ещё раз через несколько секунд."))


class PriceChanged(OrderRefused):
    """The order now costs something else than the person saw."""

    def __init__(self, *, old: Decimal, new: Decimal) -> None:
        self.old, self.new = old, new
        super().__init__(
            _("Сумма заказа изменилась: было {old}, стало {new}. Проверьте и отправьте еще раз.").format(
                old=format_money(old), new=format_money(new)
            )
        )


class BelowMinimum(OrderRefused):
    """The sum is less than the least that is taken under the contract in the city."""

    def __init__(self, *, minimum: Decimal, total: Decimal) -> None:
        self.minimum, self.total = minimum, total
        super().__init__(
            _("Минимальная сумма заказа {minimum} ₽, не хватает {missing} ₽.").format(
                minimum=format_money(minimum), missing=format_money(minimum - total)
            )
        )


class PaymentTermsClosed(OrderRefused):
    """The contract does not let orders be paid for so."""

    def __init__(self, terms: str, contract: str) -> None:
        super().__init__(
            _("«{terms}» недоступна по договору {contract}. Выберите другую оплату.").format(
                terms=terms, contract=contract
            )
        )


class DeliveryClosed(OrderRefused):
    """The contract does not let goods be brought so, or the service has gone from the city."""

    def __init__(self, service: str, contract: str) -> None:
        name = _("Доставка «{service}»").format(service=service) if service else _("Такая доставка")
        super().__init__(
            _("{name} недоступна по договору {contract}. Выберите другую.").format(
                name=name, contract=contract
            )
        )


class DeliveryNotChosen(OrderRefused):
    """Goods are to be brought, but nobody said by whom."""

    def __init__(self) -> None:
        super().__init__(_("Выберите способ доставки."))


class DeliveryCostChanged(OrderRefused):
    """Delivery costs something else than the person saw, or has not been shown for this address."""

    def __init__(self) -> None:
        super().__init__(_("Стоимость доставки пересчитана. Проверьте её и отправьте заказ ещё раз."))


class NotSaved(OrderRefused):
    """Only a cart that is kept under a name can be repeated."""

    def __init__(self) -> None:
        super().__init__(_("Повторять можно только сохранённую корзину."))


class ScheduleEmpty(OrderRefused):
    """The schedule has no day to come."""

    def __init__(self) -> None:
        super().__init__(_("По этому расписанию нет ни одного дня. Проверьте даты."))


class IdempotencyConflict(OrderRefused):
    """The key of this request has already sent another order."""

    def __init__(self) -> None:
        super().__init__(
            _("Этой формой уже отправлен другой заказ. Проверьте список заказов и отправьте еще раз.")
        )


class PicksWentAlready(OrderRefused):
    """What the page shows has gone to the cart, or was cleared, from another tab or by an earlier click."""

    def __init__(self) -> None:
        super().__init__(
            _("Эти количества уже отправлены в корзину или очищены. Страница обновлена, проверьте корзину.")
        )


class PicksTooMany(OrderRefused):
    """More goods were picked than one order can sensibly hold."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Подобрано больше {most} позиций. Положите их в корзину и продолжайте.").format(most=most)
        )


class WatchesTooMany(OrderRefused):
    """One person waits for more goods than anybody could."""

    def __init__(self, most: int) -> None:
        super().__init__(_("Вы уже ждёте {most} позиций. Уберите те, что больше не нужны.").format(most=most))


class ListWatchesTooMany(OrderRefused):
    """One person watches more lists than anybody could read."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("Вы уже следите за {most} списками. Уберите те, что больше не нужны.").format(most=most)
        )


class PicksEmpty(OrderRefused):
    """There is nothing to put into the cart."""

    def __init__(self) -> None:
        super().__init__(_("Сначала укажите количество хотя бы у одного товара."))


class PicksElsewhere(OrderRefused):
    """The page was opened for another legal entity or city than the one that is chosen now."""

    def __init__(self) -> None:
        super().__init__(
            _("Город или юрлицо сменили в другой вкладке. Страница обновлена, укажите количества заново.")
        )


class NotBought(OrderRefused):
    """Only those who bought a product tell of it."""

    def __init__(self) -> None:
        super().__init__(_("Отзыв может оставить только тот, чья компания заказывала этот товар."))


class ReviewWritten(OrderRefused):
    """The person's review of the product is there already."""

    def __init__(self) -> None:
        super().__init__(_("Ваш отзыв об этом товаре уже есть."))


class ReasonMissing(OrderRefused):
    """An author must learn why his review is not shown."""

    def __init__(self) -> None:
        super().__init__(_("Укажите причину: ее увидит автор отзыва."))


class UploadChanged(OrderRefused):
    """The page was opened before the file was read anew or put into a cart."""

    def __init__(self) -> None:
        super().__init__(
            _("Загрузку уже прочитали заново или положили в корзину. Страница обновлена, проверьте её.")
        )


class UploadNotReady(OrderRefused):
    """Rows of the file are not all recognised yet, or it could not be read."""

    def __init__(self) -> None:
        super().__init__(_("Файл ещё разбирается. Подождите немного."))


class UploadEmpty(OrderRefused):
    """No row of the upload is ready to be ordered."""

    def __init__(self) -> None:
        super().__init__(_("Нет готовых строк: сначала решите, что с остальными."))


class StockMasked(OrderRefused):
    """The client may not know how much there is, so that it cannot be taken either."""

    def __init__(self) -> None:
        super().__init__(_("Укажите количество сами или спросите менеджера."))


class CodeTaken(OrderRefused):
    """The code means another good by now."""

    def __init__(self, code: str) -> None:
        super().__init__(_("Код «{code}» уже означает другой товар. Сначала уберите его.").format(code=code))


class CodeWrong(OrderRefused):
    """The code has no letters or digits."""

    def __init__(self, code: str) -> None:
        super().__init__(_("В коде «{code}» нет ни букв, ни цифр.").format(code=code))
