"""The JSON channel: keys of a base, batches that came, and how each thing of 1C stands."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.nodes import ExchangeNode, ExternalKind


class PushStream(models.TextChoices):
    """What is sent as JSON; the value is the last word of the address."""

    PARTNERS = "partners", _("Партнеры")
    COUNTERPARTIES = "counterparties", _("Контрагенты")
    CONTRACTS = "contracts", _("Договоры")
    AGREEMENTS = "agreements", _("Соглашения")
    SETTLEMENTS = "settlements", _("Расчеты")
    ORDER_STATES = "order_states", _("Состояния заказов")
    DOCUMENTS = "documents", _("Документы")


class PushMode(models.TextChoices):
    """Only what has changed, or everything there is."""

    DELTA = "delta", _("Изменения")
    FULL = "full", _("Полная выгрузка")


class ExchangeKey(models.Model):
    """A key of the JSON channel; the secret itself is shown once and not kept."""

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="keys"
    )
    name = models.CharField(_("для чего"), max_length=100)
    prefix = models.CharField(_("начало ключа"), max_length=12, unique=True)
    secret_sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("создан"))
    last_used_at = models.DateTimeField(_("последний запрос"), null=True)
    revoked_at = models.DateTimeField(_("отозван"), null=True)

    class Meta:
        verbose_name = _("ключ JSON-обмена")
        verbose_name_plural = _("ключи JSON-обмена")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class PushBatch(models.Model):
    """One request of 1C and what it was answered; the same request again is answered the same.

    `run` is the first batch of the full export that this one belongs to.
    """

    # Leading in the unique index: an index of its own would only be written.
    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    stream = models.CharField(_("поток"), max_length=16, choices=PushStream)
    batch_id = models.UUIDField(_("номер пакета"))
    seq = models.BigIntegerField(_("порядковый номер"))
    mode = models.CharField(_("что прислано"), max_length=5, choices=PushMode)
    is_finish = models.BooleanField(_("конец полной выгрузки"), default=False)
    run = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    generated_at = models.DateTimeField(_("сформирован"))
    received_at = models.DateTimeField(_("получен"))
    sha256 = models.CharField(max_length=64)
    accepted = models.PositiveIntegerField(_("принято"), default=0)
    unnamed = models.PositiveIntegerField(_("без идентификатора"), default=0)
    rejected = models.JSONField(_("не принято"), default=list)
    status = models.PositiveSmallIntegerField(_("код ответа"), default=200)
    answer = models.JSONField(_("ответ"), default=dict)

    class Meta:
        verbose_name = _("пакет JSON-обмена")
        verbose_name_plural = _("пакеты JSON-обмена")
        indexes = [models.Index(fields=["received_at"], name="push_batch_received")]
        constraints = [
            models.UniqueConstraint(fields=["node", "stream", "batch_id"], name="push_batch_unique"),
            models.CheckConstraint(
                condition=Q(is_finish=False) | Q(mode=PushMode.FULL), name="push_batch_finish_is_full"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stream_display()} {self.batch_id}"


class RefState(models.TextChoices):
    """How a thing that 1C named stands here."""

    TAKEN = "taken", _("Принято")
    WAITING = "waiting", _("Ждет")
    REJECTED = "rejected", _("Не принято")
    MISSING = "missing", _("Нет в полной выгрузке")


class PushRef(models.Model):
    """A thing of 1C by its id: how new and what was taken of it last.

    `digest` is that of the content as taken, empty when it must be taken again whatever comes;
    `payload` is kept while it waits for an id (`wants_kind`, `wants_ref`) to become known.
    """

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    stream = models.CharField(_("поток"), max_length=16, choices=PushStream)
    ref = models.CharField(_("Ид в 1С"), max_length=170)
    seq = models.BigIntegerField(_("порядковый номер"), default=0)
    digest = models.CharField(max_length=64, blank=True)
    run = models.BigIntegerField(null=True)
    state = models.CharField(_("состояние"), max_length=8, choices=RefState)
    reason = models.CharField(_("почему"), max_length=300, blank=True)
    payload = models.JSONField(_("содержимое"), null=True)
    wants_kind = models.CharField(max_length=16, blank=True, choices=ExternalKind)
    wants_ref = models.CharField(_("чего ждет"), max_length=170, blank=True)
    formed_at = models.DateTimeField(_("сведения 1С на"))
    changed_at = models.DateTimeField(_("изменено"))

    class Meta:
        verbose_name = _("запись JSON-обмена")
        verbose_name_plural = _("записи JSON-обмена")
        indexes = [
            models.Index(fields=["node"], condition=Q(state=RefState.WAITING), name="push_ref_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["node", "stream", "ref"], name="push_ref_unique"),
            models.CheckConstraint(
                condition=~Q(state=RefState.WAITING) | Q(payload__isnull=False),
                name="push_ref_waiting_has_payload",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.ref}"
