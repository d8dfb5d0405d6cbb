"""What is worth asking before an order goes: sent already, ten times as much, pieces taken for packs.

Questions, never refusals: the person may always answer that all is right. No queries here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from django.utils.translation import gettext as _

from orders.refusals import OrderRefused
from portal.lib.dates import format_date, format_since, moscow_date
from portal.lib.money import format_quantity

LIKENESS_PERCENT = 90
TIMES_USUAL = 10
LEAST_PURCHASES = 2
"""What was bought once is no habit."""


class GuardKind(StrEnum):
    """What a question is about."""

    REPEAT = "repeat"
    TENFOLD = "tenfold"
    PACK = "pack"


@dataclass(frozen=True, slots=True)
class PackSize:
    """A pack of a good: its unit and how many base units it holds."""

    unit: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class Wish:
    """A line that is about to be ordered, in base units."""

    sku_id: int
    name: str
    unit: str
    quantity: Decimal
    packs: tuple[PackSize, ...] = ()


@dataclass(frozen=True, slots=True)
class Usual:
    """How much of a good is taken at a time (median), and in how many orders it was."""

    quantity: Decimal
    times: int


@dataclass(frozen=True, slots=True)
class Sent:
    """An order that went a short while ago."""

    order_id: int
    label: str
    at: datetime
    author: str
    quantities: Mapping[int, Decimal]


@dataclass(frozen=True, slots=True)
class Guard:
    """One question; `about` tells questions of the same text apart."""

    kind: GuardKind
    text: str
    about: str
    order_id: int | None = None


class GuardsRaised(OrderRefused):
    """There is something to ask that the person has not seen yet."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self.guards = tuple(guards)
        super().__init__(_("Проверьте заказ: есть вопросы. Если всё верно, отметьте это и отправьте."))


def guards_key(guards: Iterable[Guard]) -> str:
    """What a form sends back to say that exactly these questions were answered; none is empty."""
    told = sorted(guard.about for guard in guards)
    return sha256("\x1f".join(told).encode()).hexdigest()[:32] if told else ""


def guards_of(
    wishes: Sequence[Wish], *, usual: Mapping[int, Usual], sent: Iterable[Sent], at: datetime
) -> tuple[Guard, ...]:
    """All questions about an order: the likest one first, then line by line."""
    found = [_repeated(wishes, sent, at)]
    found += [_unusual(wish, usual.get(wish.sku_id)) for wish in wishes]
    return tuple(guard for guard in found if guard is not None)


def likeness(first: Mapping[int, Decimal], second: Mapping[int, Decimal]) -> int:
    """Which part of all goods of both stands in both with the same quantity; whole percent, down."""
    goods = first.keys() | second.keys()
    same = sum(1 for sku_id in goods if first.get(sku_id) == second.get(sku_id))
    return 100 * same // len(goods) if goods else 0


def _repeated(wishes: Sequence[Wish], sent: Iterable[Sent], at: datetime) -> Guard | None:
    wanted = {wish.sku_id: wish.quantity for wish in wishes}
    scored = [(likeness(wanted, order.quantities), order.at, order.order_id, order) for order in sent]
    if not scored:
        return None
    percent, _at, _pk, order = max(scored, key=lambda one: one[:3])
    if percent < LIKENESS_PERCENT:
        return None
    text = _("На {percent} % совпадает с заказом {label}, который отправлен {when}{author}.").format(
        percent=percent,
        label=order.label,
        when=_when(order.at, at),
        author=_(" (автор {name})").format(name=order.author) if order.author else "",
    )
    return Guard(GuardKind.REPEAT, text, f"repeat:{order.order_id}:{percent}", order.order_id)


def _when(moment: datetime, now: datetime) -> str:
    days = (moscow_date(now) - moscow_date(moment)).days
    if days == 0:
        return _("сегодня в {time}").format(time=format_since(moment, now=now))
    return _("вчера") if days == 1 else format_date(moscow_date(moment))


def _unusual(wish: Wish, usual: Usual | None) -> Guard | None:
    """A mistaken unit says more than a large number, so it is asked about first."""
    if usual is None or usual.times < LEAST_PURCHASES or wish.quantity == usual.quantity:
        return None
    text = next(filter(None, (_mistaken(wish, usual.quantity, pack) for pack in wish.packs)), "")
    if text:
        return Guard(GuardKind.PACK, text, f"pack:{wish.sku_id}:{wish.quantity:f}")
    if wish.quantity < TIMES_USUAL * usual.quantity:
        return None
    text = _("{name}: {quantity} {unit}, а обычно вы берёте {usual} {unit}.").format(
        name=wish.name,
        quantity=format_quantity(wish.quantity),
        unit=wish.unit,
        usual=format_quantity(usual.quantity),
    )
    return Guard(GuardKind.TENFOLD, text, f"tenfold:{wish.sku_id}:{wish.quantity:f}")


def _mistaken(wish: Wish, usual: Decimal, pack: PackSize) -> str:
    """Two packs were meant and two pieces typed, or the other way round; else nothing."""
    if pack.size <= 1:
        return ""
    if wish.quantity * pack.size == usual:
        reason = _(
            "{name}: {quantity} {unit}, а обычно вы берёте {usual} {unit}, то есть {quantity} {pack} по"
            " {size}. Не перепутана ли единица?"
        )
    elif wish.quantity == usual * pack.size:
        reason = _(
            "{name}: {quantity} {unit}, то есть {usual} {pack} по {size}, а обычно вы берёте {usual} {unit}."
            " Не перепутана ли единица?"
        )
    else:
        return ""
    return reason.format(
        name=wish.name,
        quantity=format_quantity(wish.quantity),
        unit=wish.unit,
        usual=format_quantity(usual),
        pack=pack.unit,
        size=format_quantity(pack.size),
    )
