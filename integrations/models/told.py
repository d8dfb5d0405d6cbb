"""What of a file has been taken over already, so that the same need not be done again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.nodes import ExchangeNode, ExternalKind


class ToldElement(models.Model):
    """The bytes of a good or an offer as they were last taken over, and the rows that they left.

    `digest` is of the bytes, `state` of the rows, `terms` of the price types and warehouses that stood
    behind an offer. When all three are the same again, loading the element would change nothing.
    """

    # Leading in the unique index: an index of its own would only be written.
    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=ExternalKind)
    object_id = models.BigIntegerField()
    digest = models.UUIDField()
    terms = models.BigIntegerField()
    state = models.BigIntegerField()
    is_deleted = models.BooleanField()
    # How many prices it tells, and whether any stock; nothing where it does not speak of them.
    prices = models.PositiveIntegerField(null=True)
    has_stock = models.BooleanField(null=True)
    pictures = models.TextField(blank=True)

    class Meta:
        verbose_name = _("загруженный элемент")
        verbose_name_plural = _("загруженные элементы")
        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "object_id"], name="told_element_unique")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
