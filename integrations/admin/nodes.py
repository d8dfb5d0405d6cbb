"""Bases of 1C: their accounts and what they are trusted with."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import ExchangeNode, ExchangeSession

_PASSWORD_LENGTH = 12
_LIMITS = (
    "missing_limit", "breaker_rows", "price_step_limit", "price_share_limit", "stock_share_limit",
    "hidden_share_limit",
)  # fmt: skip
_KEPT = ("query_encoding", "time_zone", *_LIMITS)
"""Left empty, they stay as they are."""


class NodeForm(ModelForm):
    """A base of 1C; its password is written, never shown."""

    new_password = forms.CharField(
        label=gettext_lazy("Новый пароль"),
        required=False,
        min_length=_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "Латинские буквы и цифры. Пусто: прежний пароль. Новый обрывает идущий обмен."
        ),
    )

    class Meta:
        model = ExchangeNode
        fields = [
            "code",
            "name",
            "username",
            "currency_name",
            "query_encoding",
            "time_zone",
            "is_zip_accepted",
            "is_active",
            "is_missing_hidden",
            "missing_limit",
            "is_breaker_on",
            *_LIMITS[1:],
            "organizations",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in _KEPT:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in _KEPT:
            if told.get(name) in (None, "") and name not in self.errors:
                told[name] = getattr(self.instance, name)
        if not self.instance.pk and not told.get("new_password"):
            self.add_error("new_password", _("Задайте пароль, с которым 1С будет входить."))
        return told

    def save(self, commit: bool = True) -> Any:
        if password := self.cleaned_data.get("new_password"):
            self.instance.set_password(password)
        return super().save(commit=commit)


@admin.register(ExchangeNode)
class ExchangeNodeAdmin(admin.ModelAdmin):
    form = NodeForm
    list_display = ("name", "code", "username", "is_active", "last_session")
    list_filter = ("is_active",)
    search_fields = ("name", "code", "username")
    filter_horizontal = ("organizations",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeNode]:
        latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-started_at")
        nodes: QuerySet[ExchangeNode] = super().get_queryset(request)
        return nodes.annotate(latest=Subquery(latest.values("started_at")[:1]))

    @admin.display(description=gettext_lazy("последний сеанс"), ordering="latest")
    def last_session(self, node: Any) -> Any:
        return node.latest
