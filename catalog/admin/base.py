"""What the administrator's pages of goods have in common."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from catalog.services.placing import Placed

_MOST_UNKNOWN_TOLD = 20


def counted(rows: QuerySet[Any], by: str) -> Coalesce:
    """Number of rows that refer to the row of the list by this field."""
    totals = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(total=Count("pk"))
    return Coalesce(Subquery(totals.values("total"), output_field=models.IntegerField()), 0)


class ErpAdmin(admin.ModelAdmin):
    """Rows that 1C sends: nobody adds or deletes them here, orders may refer to them."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ErpInline(admin.TabularInline):
    """Rows of 1C inside another one, to read."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ArticlesForm(forms.ModelForm):
    """A row to which goods are added by a list of articles, as they come from a spreadsheet."""

    articles = forms.CharField(
        label=_("Добавить товары"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 40}),
        help_text=_("Артикулы, по одному в строке. Уже добавленные останутся."),
    )

    def typed_articles(self) -> list[str]:
        """Articles as they were typed, line by line."""
        return str(self.cleaned_data.get("articles") or "").splitlines()


def tell_placed(request: HttpRequest, placed: Placed) -> None:
    """Say how many goods were found and which articles nobody has."""
    messages.success(request, _t("Найдено товаров: {count}.").format(count=placed.found))
    if placed.unknown:
        shown: Sequence[str] = placed.unknown[:_MOST_UNKNOWN_TOLD]
        messages.warning(
            request,
            _t("Артикулов без товара: {count}. {articles}").format(
                count=len(placed.unknown), articles=", ".join(shown)
            ),
        )
