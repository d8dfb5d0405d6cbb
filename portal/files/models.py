"""A file by its content: one row and one blob for equal bytes, however many things refer to it."""

from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """Bytes that were kept once and never change.

    What a file is called for people belongs to the row that refers to it (a document, a picture);
    `name` is only the one it first arrived under.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    size = models.BigIntegerField(_("размер, байт"))
    mime = models.CharField(_("тип"), max_length=100)
    name = models.CharField(_("исходное имя"), max_length=255)
    path = models.CharField(_("место в хранилище"), max_length=100, unique=True)
    source = models.CharField(_("откуда"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("сохранён"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("кем сохранён"),
    )

    class Meta:
        verbose_name = _("файл")
        verbose_name_plural = _("файлы")
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="stored_file_size_not_negative"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_sha256_form"
            ),
        ]
        triggers = [pgtrigger.Protect(name="stored_file_unchanged", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name
