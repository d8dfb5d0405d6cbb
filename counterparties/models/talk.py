"""Talk: what a client and the seller write to each other about one thing, and letters that come into it."""

import secrets
import uuid
from datetime import time
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models.clients import Holding, LegalEntity
from counterparties.reach import NOTHING, reach
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from counterparties.actor import Actor

SHARED_PERMISSIONS = (Permission.ORDER_VIEW, Permission.DOCUMENT_VIEW, Permission.FINANCE_VIEW)
"""Rights by which colleagues see a talk about a thing: that of orders, papers and money."""


class ThreadKind(models.TextChoices):
    """What the client wanted last."""

    QUESTION = "question", _("Вопрос")
    CALL_BACK = "call_back", _("Просьба перезвонить")
    PRICE = "price", _("Запрос цены")


class ThreadState(models.TextChoices):
    """Whether anything is still to be said."""

    OPEN = "open", _("Открыто")
    CLOSED = "closed", _("Закрыто")


class Side(models.TextChoices):
    """Who speaks."""

    CLIENT = "client", _("Клиент")
    SELLER = "seller", _("Поставщик")
    SYSTEM = "system", _("Событие")


class Channel(models.TextChoices):
    """How the words came."""

    WEB = "web", _("Портал")
    MAIL = "mail", _("Почта")
    SYSTEM = "system", _("Событие")


class LetterState(models.TextChoices):
    """What became of a letter."""

    TAKEN = "taken", _("Принято")
    UNKNOWN = "unknown", _("Не к переписке")
    REFUSED = "refused", _("Отклонено")


def mail_token() -> str:
    """Letters of a talk are answered to an address with this in it; mail servers may lower its case."""
    return secrets.token_hex(10)


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A client's person sees his personal talks and those about things that he may see.

        A manager sees talks of the clients he serves, an administrator all.
        """
        if actor.is_administrator:
            return self
        if not actor.is_client:
            served = actor.served_holding_ids
            return self.filter(Q(holding_id__in=served) | Q(holding__merged_into_id__in=served))
        mine = actor.holding_id or 0
        here = Q(holding_id=mine) | Q(holding__merged_into_id=mine)
        shared = NOTHING
        for permission in SHARED_PERMISSIONS:
            reached = Q(permission=permission) & reach(actor, permission)
            if actor.is_own_only(permission):
                reached &= Q(thing_author_ids__contains=[actor.user_id])
            shared |= reached
        personal = here & Q(is_personal=True, started_by_id=actor.user_id)
        return self.filter(personal | (Q(is_personal=False) & shared))


class Thread(models.Model):
    """One talk. `reference` names the thing (`order:17`), "" where it is about nothing certain.

    `permission` is the right that a colleague needs to see the talk; those who see only their own must be
    among `thing_author_ids`, as a paper of several orders is several people's. A personal one is seen by who
    began it and by the seller.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="threads"
    )
    legal_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("юрлицо"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="threads",
    )
    reference = models.CharField(_("о чём"), max_length=60, blank=True)
    permission = models.CharField(_("право видеть"), max_length=30, blank=True)
    thing_author_ids = ArrayField(
        models.BigIntegerField(), verbose_name=_("чья вещь"), default=list, blank=True, editable=False
    )
    is_personal = models.BooleanField(_("личная"), default=False)
    kind = models.CharField(_("вид"), max_length=10, choices=ThreadKind, default=ThreadKind.QUESTION)
    subject = models.CharField(_("тема"), max_length=200)
    address = models.CharField(_("страница"), max_length=300, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто начал"), on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(_("начата"))
    state = models.CharField(_("состояние"), max_length=6, choices=ThreadState, default=ThreadState.OPEN)
    last_message_at = models.DateTimeField(_("последнее сообщение"))
    last_word_at = models.DateTimeField(
        _("последнее слово человека"), null=True, blank=True, help_text=_("Без событий портала.")
    )
    client_waits_since = models.DateTimeField(_("клиент ждёт с"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("ответить до"), null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто отвечает"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    mail_token = models.CharField(max_length=20, default=mail_token, unique=True, editable=False)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("переписка")
        verbose_name_plural = _("переписки")
        indexes = [
            models.Index(fields=["holding", "-last_message_at"], name="thread_holding_newest"),
            models.Index(
                fields=["holding", "-last_word_at"],
                condition=Q(last_word_at__isnull=False),
                name="thread_holding_spoken",
            ),
            models.Index(
                fields=["answer_due_at"], condition=Q(answer_due_at__isnull=False), name="thread_waiting"
            ),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="thread_reference"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["holding", "reference"], condition=Q(is_personal=False), name="thread_shared_once"
            ),
            models.UniqueConstraint(
                fields=["holding", "reference", "started_by"],
                condition=Q(is_personal=True),
                name="thread_personal_once",
            ),
            models.CheckConstraint(
                condition=Q(is_personal=True)
                | (Q(legal_entity__isnull=False) & ~Q(reference="") & ~Q(permission="")),
                name="thread_shared_is_about_a_thing",
            ),
            models.CheckConstraint(
                condition=Q(client_waits_since__isnull=True, answer_due_at__isnull=True)
                | Q(client_waits_since__isnull=False, answer_due_at__isnull=False),
                name="thread_waiting_has_term",
            ),
            models.CheckConstraint(
                condition=Q(state=ThreadState.OPEN) | Q(client_waits_since__isnull=True),
                name="thread_closed_waits_for_nothing",
            ),
        ]
        triggers = [pgtrigger.Protect(name="thread_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.subject


class Message(models.Model):
    """What was said, or what happened to the thing meanwhile. Never changed.

    A manager who works in a client's cabinet is `acting_user` beside the person in whose name he writes.
    `permission` is the right without which a line about an event is not shown; "" is that of the talk.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("от имени клиента писал"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    side = models.CharField(_("сторона"), max_length=6, choices=Side)
    channel = models.CharField(_("канал"), max_length=6, choices=Channel)
    title = models.CharField(_("событие"), max_length=200, blank=True)
    text = models.TextField(_("текст"), max_length=10_000, blank=True)
    address = models.CharField(_("страница"), max_length=300, blank=True)
    permission = models.CharField(_("право видеть"), max_length=30, blank=True)
    created_at = models.DateTimeField(_("когда"))
    mail_id = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("сообщение")
        verbose_name_plural = _("сообщения")
        indexes = [models.Index(fields=["thread", "created_at"], name="message_thread_order")]
        constraints = [
            models.UniqueConstraint(fields=["mail_id"], condition=~Q(mail_id=""), name="message_mail_once"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="message_key_once"),
            models.CheckConstraint(
                condition=Q(side=Side.SYSTEM) | Q(author__isnull=False), name="message_has_author"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="message_kept", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:80]


class MessageFile(models.Model):
    """A file that came with a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("имя"), max_length=200)

    class Meta:
        verbose_name = _("вложение")
        verbose_name_plural = _("вложения")

    def __str__(self) -> str:
        return self.name


class ThreadReading(models.Model):
    """Up to which moment a person has read a talk."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(_("прочитано по"))

    class Meta:
        verbose_name = _("прочтение")
        verbose_name_plural = _("прочтения")
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="thread_reading_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.read_at}"


class InboundLetter(models.Model):
    """A letter that came to the address of talks, and what became of it; each Message-ID once."""

    mail_id = models.CharField(_("Message-ID"), max_length=300, unique=True)
    sender = models.CharField(_("от кого"), max_length=320, blank=True)
    subject = models.CharField(_("тема"), max_length=300, blank=True)
    received_at = models.DateTimeField(_("получено"))
    state = models.CharField(_("исход"), max_length=8, choices=LetterState)
    reason = models.CharField(_("почему"), max_length=300, blank=True)
    thread = models.ForeignKey(
        Thread,
        verbose_name=_("переписка"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
    )
    raw = models.ForeignKey(
        StoredFile,
        verbose_name=_("письмо"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("входящее письмо")
        verbose_name_plural = _("входящие письма")
        indexes = [models.Index(fields=["-received_at"], name="inbound_letter_newest")]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"


class ManagerCard(models.Model):
    """How a client reaches the employee: phones, messengers, hours by his own clock, and who stands in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("менеджер"),
        on_delete=models.CASCADE,
        related_name="manager_card",
    )
    photo = models.ForeignKey(
        StoredFile, verbose_name=_("фото"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    direct_phone = models.CharField(_("прямой телефон"), max_length=40, blank=True)
    mobile_phone = models.CharField(_("мобильный"), max_length=40, blank=True)
    telegram = models.CharField(_("Telegram"), max_length=60, blank=True)
    whatsapp = models.CharField(_("WhatsApp"), max_length=40, blank=True)
    max_messenger = models.CharField(_("MAX"), max_length=200, blank=True)
    work_from = models.TimeField(_("работает с"), default=time(9))
    work_to = models.TimeField(_("работает до"), default=time(18))
    time_zone = models.CharField(_("часовой пояс"), max_length=40, default="Europe/Moscow")
    answer_minutes = models.PositiveSmallIntegerField(_("отвечает за, рабочих минут"), default=60)
    away_from = models.DateField(_("отсутствует с"), null=True, blank=True)
    away_until = models.DateField(_("по"), null=True, blank=True)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто замещает"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    updated_at = models.DateTimeField(_("изменена"), default=timezone.now)

    class Meta:
        verbose_name = _("карточка менеджера")
        verbose_name_plural = _("карточки менеджеров")
        constraints = [
            models.CheckConstraint(
                condition=Q(work_from__lt=models.F("work_to")), name="manager_card_hours_in_order"
            ),
            models.CheckConstraint(
                condition=Q(answer_minutes__gte=5, answer_minutes__lte=4800),
                name="manager_card_answer_bounded",
            ),
            models.CheckConstraint(
                condition=Q(away_from__isnull=True, away_until__isnull=True)
                | Q(away_from__isnull=False, away_until__isnull=False, away_from__lte=models.F("away_until")),
                name="manager_card_away_in_order",
            ),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=models.F("user")),
                name="manager_card_substitute_is_another",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
