"""The day of a schedule has come: a draft with today's prices, or an order in the person's name."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notice_send
from counterparties.actor import AccessDenied, Actor
from counterparties.merge_gate import parties_hold
from counterparties.models import Contract
from counterparties.selectors import actor_for
from finance.workdays import work_days
from orders.choices import NO_CHOICES, CheckoutChoices
from orders.models import Cart, Order, OrderSchedule
from orders.refusals import CartEmpty, OrderRefused, refusal_told
from orders.selectors.cart import CartView, cart_view, carts_whole
from orders.selectors.schedules import is_due, rhythm_of
from orders.services.cart_lines import Wish, lines_add
from orders.services.carts import cart_insert, contract_open
from orders.services.offers import CheckoutOffer, checkout_offers
from orders.services.submission import order_submit
from portal.lib.dates import format_date, moscow_date
from portal.lib.money import format_money
from portal.lib.said import Said, joined, said

_NAME_LENGTH, _OUTCOME_LENGTH = 100, 500


def schedule_run(*, schedule_id: int, at: datetime) -> str:
    """Do what the schedule's day asks for and tell the person; return what came of it.

    Once for a day: whoever comes second finds the next day. What the person may do and what the contract
    lets through is asked now; an order that is refused stays behind as a draft. Nothing where the
    schedule is not due.
    """
    usual = _usual_offer(schedule_id, at)  # a carrier is asked before anything is locked
    return _run(schedule_id, usual, at)


@transaction.atomic
def _run(schedule_id: int, usual: CheckoutOffer | None, at: datetime) -> str:
    parties_hold()
    template = (
        carts_whole(Cart.objects.filter(schedule=schedule_id))
        .select_related("user")
        .select_for_update(of=("self",))
        .first()
    )
    if template is None:  # the cart was removed meanwhile
        return ""
    schedule = OrderSchedule.objects.select_for_update().get(pk=schedule_id)
    if not is_due(schedule, on=moscow_date(at)):
        return ""
    day = schedule.next_date
    actor = actor_for(template.user, on=moscow_date(at), holding_id=template.legal_entity.holding_id)
    title, text, address = _made(schedule, template, actor, usual, at)
    outcome = str(text) or str(title)
    _move_on(schedule, outcome, at)
    notice_send(
        user_ids=[template.user_id],
        kind=NoticeKind.SCHEDULE,
        reference=f"schedule:{schedule.pk}",
        day=day,
        title=title,
        text=text,
        address=address,
        at=at,
    )
    return outcome


def _made(
    schedule: OrderSchedule, template: Cart, actor: Actor, usual: CheckoutOffer | None, at: datetime
) -> tuple[Said, Said, str]:
    """Title, text and address of the notice; a refusal is told in English by the cart alone."""
    told = said(
        _("«{name}» на {day}"),
        "“{name}” for {day}",
        name=template.name,
        day=format_date(_wanted_on(schedule)),
    )
    try:
        with transaction.atomic():
            draft, left_out = _draft(schedule, template, actor, at)
    except (AccessDenied, Contract.DoesNotExist):
        text = said(
            _("Не собрано: у вас больше нет права заказывать по этому договору."),
            "Not put together: you may no longer order under this contract.",
        )
        return told, text, ""
    except OrderRefused as refusal:
        text = said(
            _("Не собрано. {why}"), "Not put together: the terms of the order do not allow it.", why=refusal
        )
        return told, text, ""
    view = cart_view(draft, on=moscow_date(at))
    difference = _difference(template, view, left_out)
    address = reverse("orders:cart_open", args=[draft.pk])
    if not schedule.is_automatic:
        text = said(
            _("Корзина собрана, проверьте и отправьте. {what}"),
            "The cart is ready: look it through and send it. {what}",
            what=difference,
        )
        return told, text, address
    try:
        order = _sent(schedule, draft, actor, view, usual, at)
    except AccessDenied:
        text = said(
            _("Заказ не отправлен: у вас больше нет такого права. Корзина собрана."),
            "The order is not sent: you may no longer send orders. The cart is ready.",
        )
        return told, text, address
    except OrderRefused as refusal:
        why = refusal_told(refusal, actor=actor, entity=template.legal_entity)
        text = said(
            _("Заказ не отправлен, корзина собрана. {why}"),
            "The order is not sent, the cart is ready: it says what is in the way.",
            why=why,
        )
        return told, text, address
    Cart.objects.filter(pk=draft.pk).delete()
    text = said(
        _("Заказ {number} отправлен. {what}"),
        "Order {number} is sent. {what}",
        number=order.number,
        what=difference,
    )
    return told, text, reverse("orders:detail", args=[order.pk])


def _draft(schedule: OrderSchedule, template: Cart, actor: Actor, at: datetime) -> tuple[Cart, int]:
    """A saved cart with the template's goods at today's prices, and how many goods could not be put there."""
    actor.require(Permission.ORDER_CREATE)
    contract = contract_open(
        actor, legal_entity_id=template.legal_entity_id, contract_id=template.contract_id, at=at
    )
    wishes = [Wish.of(line) for line in template.lines.order_by("added_at", "pk")]
    if not wishes:
        raise CartEmpty
    name = f"{template.name[: _NAME_LENGTH - 12]}: {format_date(_wanted_on(schedule))}"
    draft = cart_insert(actor, contract=contract, city=template.city, name=name, at=at)
    Cart.objects.filter(pk=draft.pk).update(delivery_address=template.delivery_address_id)
    left_out = lines_add(draft, wishes, at=at)
    return carts_whole(Cart.objects.all()).get(pk=draft.pk), len(left_out)


def _sent(
    schedule: OrderSchedule,
    draft: Cart,
    actor: Actor,
    view: CartView,
    usual: CheckoutOffer | None,
    at: datetime,
) -> Order:
    address = usual.address if usual else None
    return order_submit(
        actor=actor,
        cart_id=draft.pk,
        delivery_address_id=address.pk if address else None,
        comment="",
        client_reference="",
        idempotency_key=run_key(schedule),
        expected_total=view.total.gross,
        choices=_choices(usual, _wanted_on(schedule)),
        at=at,
    )


def run_key(schedule: OrderSchedule) -> UUID:
    """One order for a schedule and its day, however often it is tried."""
    return uuid5(NAMESPACE_URL, f"schedule:{schedule.pk}:{schedule.next_date.isoformat()}")


def _usual_offer(schedule_id: int, at: datetime) -> CheckoutOffer | None:
    """What checkout would offer for the template as it is; only an automatic order needs it."""
    template = carts_whole(Cart.objects.filter(schedule=schedule_id, schedule__is_automatic=True)).first()
    if template is None:
        return None
    view = cart_view(template, on=moscow_date(at))
    return checkout_offers([view], chosen={}, at=at)[template.pk]


def _choices(usual: CheckoutOffer | None, wanted_on: date) -> CheckoutChoices:
    """The first way of delivery at its present cost, payment as the contract has it."""
    if usual is None:
        return NO_CHOICES
    way = usual.ways[0] if usual.ways else None
    return CheckoutChoices(
        delivery_service_id=way.service.pk if way else None,
        delivery_cost=way.cost if way else None,
        desired_date=wanted_on,
    )


def _wanted_on(schedule: OrderSchedule) -> date:
    """The schedule's day, or the first working one after it."""
    return work_days(since=schedule.next_date).from_day(schedule.next_date)


def _difference(template: Cart, view: CartView, left_out: int) -> Said:
    """What is otherwise than when the cart was saved: prices, stock, goods that are sold no more."""
    then = dict(template.lines.values_list("sku_id", "price_when_added"))
    pairs = [(line.price, then.get(line.sku.pk)) for line in view.lines]
    dearer = sum(1 for now, was in pairs if now is not None and was is not None and now > was)
    cheaper = sum(1 for now, was in pairs if now is not None and was is not None and now < was)
    counts: list[tuple[str, str, int | Decimal]] = [
        (_("подорожало: {count}"), "dearer: {count}", dearer),
        (_("подешевело: {count}"), "cheaper: {count}", cheaper),
        (_("не хватает: {count}"), "short: {count}", view.short),
        (_("не продаётся: {count}"), "sold no more: {count}", left_out),
    ]
    told = [said(russian, english, count=count) for russian, english, count in counts if count]
    total = said(_("Итого {sum} ₽"), "Total {sum} ₽", sum=format_money(view.total.gross))
    return said("{parts}.", "{parts}.", parts=joined([total, *told], "; "))


def _move_on(schedule: OrderSchedule, outcome: str, at: datetime) -> None:
    """To the next day after this one that has not gone by; a schedule without one rests."""
    since = max(schedule.next_date + timedelta(days=1), moscow_date(at))
    following = rhythm_of(schedule).first_from(since, skipped=frozenset(schedule.skipped))
    schedule.last_outcome, schedule.last_run_at = outcome[:_OUTCOME_LENGTH], at
    schedule.next_date, schedule.is_paused = following or schedule.next_date, following is None
    schedule.save(update_fields=["last_outcome", "last_run_at", "next_date", "is_paused"])
