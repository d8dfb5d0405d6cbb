"""How clients call our goods."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Sku
from counterparties.models import Holding
from orders.models.uploads import Upload

if TYPE_CHECKING:
    from counterparties.actor import Actor


class CodeSource(models.TextChoices):
    """Where a client's code was learnt."""

    UPLOAD = "upload", _("из загрузки")
    PAD = "pad", _("из быстрого заказа")
    HAND = "hand", _("вручную")
    IMPORT = "import", _("из списка кодов")


class ClientCodeQuerySet(models.QuerySet["ClientCode"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Codes of the actor's holding, removed ones too."""
        return self.filter(holding_id=actor.holding_id)

    def in_use(self) -> Self:
        return self.filter(removed_at__isnull=True)


class ClientCode(models.Model):
    """A holding's own code or name of a sku. Never deleted: it is removed, so that it can be put back.

    `code` stands as the client wrote it, `key` as it is looked up (`orders.codes.code_key`).
    """

    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, db_index=False, related_name="codes"
    )
    code = models.CharField(_("код клиента"), max_length=300)
    key = models.CharField(max_length=300, editable=False)
    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.CASCADE, related_name="+")
    source = models.CharField(_("откуда"), max_length=6, choices=CodeSource)
    upload = models.ForeignKey(
        Upload,
        verbose_name=_("загрузка"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="codes",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто запомнил"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("за него менеджер"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("когда"), default=timezone.now)
    removed_at = models.DateTimeField(_("убран"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто убрал"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ClientCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("код клиента")
        verbose_name_plural = _("коды клиентов")
        constraints = [
            models.UniqueConstraint(
                fields=["holding", "key"],
                condition=Q(removed_at__isnull=True),
                name="client_code_one_in_use",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="client_code_not_empty"),
        ]
        indexes = [models.Index(fields=["holding", "sku"], name="client_code_of_sku")]

    def __str__(self) -> str:
        return self.code
