"""Merges and splits of clients: what moved, by whom and why."""

from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models.clients import Holding, LegalEntity

if TYPE_CHECKING:
    from counterparties.actor import Actor


class MergeKind(models.TextChoices):
    """What was done."""

    ENTITIES = "entities", _("Объединение юрлиц")
    HOLDINGS = "holdings", _("Объединение клиентов")
    SPLIT = "split", _("Выделение клиента")


class MergeRecordQuerySet(models.QuerySet["MergeRecord"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Those who serve the client that the rows came to, or came from."""
        if not actor.can(Permission.CLIENT_SERVE):
            return self.none()
        if actor.is_administrator:
            return self
        served = actor.served_holding_ids
        return self.filter(Q(source_holding__in=served) | Q(target_holding__in=served))


class MergeRecord(models.Model):
    """One merge or split. Append-only; `moved` names every row, so that it can be told and undone by hand.

    `moved` is a list of `{"what", "ids", "total", "stays"}` in the words of the preview.
    """

    kind = models.CharField(_("действие"), max_length=10, choices=MergeKind)
    source_holding = models.ForeignKey(
        Holding, verbose_name=_("от клиента"), on_delete=models.PROTECT, related_name="+"
    )
    target_holding = models.ForeignKey(
        Holding, verbose_name=_("к клиенту"), on_delete=models.PROTECT, related_name="+"
    )
    source_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("какое юрлицо"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    target_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("с каким юрлицом"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(_("причина"), max_length=500)
    moved = models.JSONField(_("что перешло"), default=list)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("когда"))

    objects = MergeRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("объединение или выделение")
        verbose_name_plural = _("объединения и выделения")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="merge_record_has_reason"),
            models.CheckConstraint(
                condition=~Q(kind="entities") | Q(source_entity__isnull=False, target_entity__isnull=False),
                name="merge_record_names_entities",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="merge_record_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source_holding} → {self.target_holding}"
