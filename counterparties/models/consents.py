"""Consents of people (152-ФЗ): the exact words, who agreed, when and from where."""

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models.registration import Registration

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ConsentKind(models.TextChoices):
    """What a person agrees to; only the first is needed to become a client."""

    PERSONAL_DATA = "personal_data", _("Обработка персональных данных")
    NEWS = "news", _("Рассылка новостей и предложений")


class ConsentText(models.Model):
    """One edition of a text. Once published it never changes: a new wording is a new version."""

    kind = models.CharField(_("согласие"), max_length=20, choices=ConsentKind)
    version = models.PositiveSmallIntegerField(_("версия"))
    title = models.CharField(_("заголовок"), max_length=200)
    text = models.TextField(_("текст"))
    sha256 = models.CharField(_("контрольная сумма"), max_length=64, editable=False)
    published_at = models.DateTimeField(
        _("опубликован"), null=True, blank=True, help_text=_("После публикации текст не меняется.")
    )

    class Meta:
        verbose_name = _("текст согласия")
        verbose_name_plural = _("тексты согласий")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_text_version_unique"),
            models.CheckConstraint(condition=Q(version__gte=1), name="consent_text_version_from_one"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="consent_text_published_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, версия {self.version}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own consents: they are personal."""
        return self.filter(user_id=actor.user_id or 0)


class Consent(models.Model):
    """A person agreed to a text; the row is never deleted, only marked as withdrawn."""

    text = models.ForeignKey(
        ConsentText, verbose_name=_("текст"), on_delete=models.PROTECT, related_name="consents"
    )
    text_sha256 = models.CharField(_("контрольная сумма текста"), max_length=64)
    registration = models.ForeignKey(
        Registration,
        verbose_name=_("заявка"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("человек"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consents",
        help_text=_("Пусто, пока почта не подтверждена."),
    )
    email = models.EmailField(_("эл. почта"))
    ip = models.GenericIPAddressField(_("адрес в сети"), null=True, blank=True)
    given_at = models.DateTimeField(_("дано"))
    withdrawn_at = models.DateTimeField(_("отозвано"), null=True, blank=True)
    withdrawn_ip = models.GenericIPAddressField(_("отозвано с адреса"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("согласие")
        verbose_name_plural = _("согласия")
        constraints = [
            models.CheckConstraint(
                condition=Q(registration__isnull=False) | Q(user__isnull=False), name="consent_has_giver"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="consent_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="consent_frozen",
                fields=["text", "text_sha256", "registration", "email", "ip", "given_at"],
            ),
            pgtrigger.Protect(
                name="consent_withdrawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.text}"
