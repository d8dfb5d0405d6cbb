"""Talks of the invented company: some wait for an answer, one is late, one was read on both sides."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Final, cast

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import Channel, ManagerCard, Message, Thread, ThreadKind
from counterparties.services.manager_cards import CardFacts, manager_card_save
from counterparties.services.message_letters import message_tell, thread_address
from counterparties.services.thread_moves import thread_close, thread_read
from counterparties.services.threads import message_write, thread_write
from counterparties.talk_subjects import TalkSubject, Words
from counterparties.working_hours import IsWorking
from documents.pdf import html_to_pdf
from finance.workdays import work_days
from integrations.demo.buyers import demo_actor
from integrations.demo.fiction.talks import CARDS, TALKS, CardData, TalkData, WordsData
from orders.models import Order, OrderLine
from portal.files.attachments import Attachment, attachment_read
from portal.lib.dates import moscow_date

_SHIPPED: Final = timedelta(days=2)
_LONGEST: Final = timedelta(days=30)
_GENERAL: Final = "Общие вопросы"


@transaction.atomic
def talks_fill() -> None:
    """Cards of the managers and talks; nothing of either where there is one before."""
    now = timezone.now()
    if not ManagerCard.objects.exists():
        for card in CARDS:
            _card(card, now)
    if Thread.objects.exists():
        return
    calendar = work_days(since=moscow_date(now - _LONGEST)).is_working
    for talk in TALKS:
        subject = _subject(talk, demo_actor(talk.words[0].author, now), now)
        if subject is not None:
            _talk(talk, subject, calendar, now)


def _card(data: CardData, now: datetime) -> None:
    today = moscow_date(now)
    manager_card_save(
        actor=demo_actor(data.email, now),
        facts=CardFacts(
            direct_phone=data.direct_phone,
            mobile_phone=data.mobile_phone,
            telegram=data.telegram,
            whatsapp=data.whatsapp,
            max_messenger="",
            work_from=data.work_from,
            work_to=data.work_to,
            time_zone=data.time_zone,
            answer_minutes=data.answer_minutes,
            away_from=today if data.away_days else None,
            away_until=today + timedelta(days=data.away_days) if data.away_days else None,
            substitute_id=User.objects.get(email=data.substitute).pk if data.substitute else None,
        ),
        at=now,
    )


def _subject(talk: TalkData, actor: Actor, now: datetime) -> TalkSubject | None:
    """What the talk is about; None where the author has ordered nothing, or nothing is sold."""
    holding_id = cast(int, actor.holding_id)
    if talk.about == "":
        return TalkSubject("", _GENERAL, "", holding_id=holding_id)
    orders = Order.objects.filter(created_by_id=actor.user_id).order_by("-submitted_at")
    if talk.about == "order":
        order = orders.filter(submitted_at__lt=now - _SHIPPED).first() or orders.first()
        return None if order is None else _about_order(order)
    lines = OrderLine.objects.filter(part__order__in=orders).select_related("sku__product").order_by("pk")
    line = lines.first()
    if line is None:
        return None
    bought = line.sku.product
    address = reverse("catalog:product", args=[bought.pk])
    return TalkSubject(f"product:{bought.pk}", bought.name, address, holding_id=holding_id)


def _about_order(order: Order) -> TalkSubject:
    return TalkSubject(
        f"order:{order.pk}",
        f"Заказ {order.label}",
        reverse("orders:detail", args=[order.pk]),
        holding_id=order.holding_id,
        legal_entity_id=order.legal_entity_id,
        permission=Permission.ORDER_VIEW,
        author_ids=frozenset({cast(int, order.created_by_id)}),
    )


def _talk(talk: TalkData, subject: TalkSubject, calendar: IsWorking, now: datetime) -> None:
    thread: Thread | None = None
    for place, said in enumerate(talk.words):
        at = now - timedelta(hours=said.hours_ago)
        actor, kind = demo_actor(said.author, now), ThreadKind.QUESTION if place else ThreadKind(talk.kind)
        words = Words(said.text, files=_files(said), kind=kind)
        if thread is None:
            thread = thread_write(actor=actor, subject=subject, words=words, calendar=calendar, at=at)
        else:
            message_write(
                actor=actor,
                thread_id=thread.pk,
                words=words,
                calendar=calendar,
                at=at,
                channel=Channel.MAIL if said.is_letter else Channel.WEB,
                mail_id=f"<demo-{thread.pk}-{place}@{said.author.partition('@')[2]}>"
                if said.is_letter
                else "",
            )
        newest = Message.objects.filter(thread=thread).latest("created_at")
        message_tell(message_id=newest.pk, at=at)
    if thread is None:
        return
    if talk.is_closed:
        thread_close(actor=demo_actor(talk.words[-1].author, now), thread_id=thread.pk, at=at)
    for email in talk.read_by:
        address = thread_address(thread)
        thread_read(actor=demo_actor(email, now), thread=thread, upto=now, address=address, at=now)


def _files(said: WordsData) -> list[Attachment]:
    if not said.file:
        return []
    title, *lines = said.paper
    page = format_html(
        '<html lang="ru"><body><h2>{}</h2>{}</body></html>',
        title,
        format_html_join("", "<p>{}</p>", ((line,) for line in lines)),
    )
    return [attachment_read(BytesIO(html_to_pdf(page)), name=said.file)]
