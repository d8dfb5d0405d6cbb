"""Who is told of the money of a legal entity, where its client has chosen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from counterparties.models import LegalEntity


class MoneyAlert(models.Model):
    """The people of a client who are told of a legal entity's money; without a row all who see it are.

    A person who sees the money no more is told nothing; where nobody of the chosen is left, all are told.
    """

    legal_entity = models.OneToOneField(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.CASCADE, related_name="money_alert"
    )
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("кому сообщать"), related_name="+"
    )
    mails_documents_address = models.BooleanField(_("и на почту для документов"), default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто выбрал"), on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("кому сообщать о деньгах")
        verbose_name_plural = _("кому сообщать о деньгах")

    def __str__(self) -> str:
        return str(self.legal_entity)
