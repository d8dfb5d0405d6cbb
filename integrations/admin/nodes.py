"""Bases of 1C: their accounts and what they are trusted with."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Warehouse
from counterparties.models import Organization
from integrations.models import ExchangeNode, ExchangeSession, ExternalKind, StreamLimit
from integrations.models.freshness import STREAMS
from integrations.push.fetching import hosts_strange
from integrations.reports.feeds import feeds_forget
from integrations.reports.mapping import price_type_rows, warehouse_rows
from integrations.reports.organizations import organization_rows
from integrations.services.mapping import MappingRefused, price_type_map, warehouse_map
from integrations.services.push.organizations import organization_map
from integrations.services.push.sequences import sequence_restart
from pricing.models import PriceType

_PASSWORD_LENGTH = 12
_LIMITS = (
    "missing_limit", "breaker_rows", "price_step_limit", "price_share_limit", "stock_share_limit",
    "hidden_share_limit",
)  # fmt: skip
_KEPT = ("query_encoding", "time_zone", "outage_hours", *_LIMITS)
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
            "is_freshness_shown",
            "is_outage_shown",
            "outage_hours",
            "file_hosts",
            "answers_requests",
            "organizations",
        ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in _KEPT:
            self.fields[name].required = False

    def clean_file_hosts(self) -> str:
        """One server or network on a line; whole addresses would match nothing and nobody would know."""
        told: str = self.cleaned_data["file_hosts"]
        if strange := hosts_strange(told):
            raise forms.ValidationError(_("Это не имя сервера и не сеть: %s") % ", ".join(strange))
        return told

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


class MappingForm(forms.Form):
    """An id of a base, and the row of the portal that it means from now on."""

    kind = forms.ChoiceField(
        choices=[(ExternalKind.PRICE_TYPE, ""), (ExternalKind.WAREHOUSE, "")], widget=forms.HiddenInput
    )
    external = forms.IntegerField(widget=forms.HiddenInput)
    target = forms.IntegerField()


class OrganizationForm(forms.Form):
    """An id of a base, and the organization of ours that it means."""

    node = forms.ModelChoiceField(ExchangeNode.objects.all())
    organization_ref = forms.CharField(max_length=170)
    target = forms.ModelChoiceField(Organization.objects.all())


class StreamLimitInline(admin.TabularInline):
    """How long a stream of the base may be silent, where its own pace does not tell."""

    model = StreamLimit
    extra = 0
    max_num = len(STREAMS)


@admin.register(ExchangeNode)
class ExchangeNodeAdmin(admin.ModelAdmin):
    form = NodeForm
    list_display = ("name", "code", "username", "is_active", "last_session")
    list_filter = ("is_active",)
    search_fields = ("name", "code", "username")
    filter_horizontal = ("organizations",)
    inlines = (StreamLimitInline,)
    change_list_template = "admin/integrations/exchangenode/change_list.html"
    actions = ("restart",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeNode]:
        latest = ExchangeSession.objects.filter(node=OuterRef("pk")).order_by("-started_at")
        nodes: QuerySet[ExchangeNode] = super().get_queryset(request)
        return nodes.annotate(latest=Subquery(latest.values("started_at")[:1]))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Pages show at once what has been set here."""
        super().save_related(request, form, formsets, change)
        transaction.on_commit(feeds_forget)

    @admin.action(
        description=gettext_lazy("Принимать пакеты JSON с любого номера (1С восстановлена из копии)"),
        permissions=["change"],
    )
    def restart(self, request: HttpRequest, queryset: QuerySet[ExchangeNode]) -> None:
        for node in queryset.order_by("pk"):
            count = sequence_restart(node_id=node.pk)
            text = _("«%(name)s»: номера пакетов начаты заново, записей: %(count)s")
            self.message_user(request, text % {"name": node.name, "count": count}, messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        screen = self.admin_site.admin_view(self.mapping_view)
        return [path("mapping/", screen, name="integrations_exchangenode_mapping"), *super().get_urls()]

    def mapping_view(self, request: HttpRequest) -> HttpResponse:
        """What price types, warehouses and organizations of the bases have become here."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if "organization_ref" in request.POST:
                self._map_organization(request)
            else:
                self._map(request)
            return redirect("admin:integrations_exchangenode_mapping")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Виды цен, склады и организации баз"),
            "organizations": organization_rows(),
            "organization_choices": Organization.objects.order_by("name", "pk").values_list("pk", "name"),
            "price_types": price_type_rows(),
            "warehouses": warehouse_rows(),
            "price_type_choices": PriceType.objects.order_by("name", "pk").values_list("pk", "name"),
            "warehouse_choices": Warehouse.objects.order_by("name", "pk").values_list("pk", "name"),
        }
        return TemplateResponse(request, "admin/integrations/exchangenode/mapping.html", context)

    def _map(self, request: HttpRequest) -> None:
        form = MappingForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Выберите, с чем соединить."))
            return
        told = form.cleaned_data
        join = price_type_map if told["kind"] == ExternalKind.PRICE_TYPE else warehouse_map
        try:
            target = join(external_pk=told["external"], target_id=told["target"])
        except MappingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Соединено: %(target)s") % {"target": target})

    def _map_organization(self, request: HttpRequest) -> None:
        form = OrganizationForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Выберите организацию."))
            return
        told = form.cleaned_data
        placed = organization_map(
            node_id=told["node"].pk,
            external_id=told["organization_ref"],
            organization_id=told["target"].pk,
            at=timezone.now(),
        )
        text = _("Соединено: %(target)s. Договоров, которые этого ждали: %(count)s")
        messages.success(request, text % {"target": told["target"], "count": placed})

    @admin.display(description=gettext_lazy("последний сеанс"), ordering="latest")
    def last_session(self, node: Any) -> Any:
        return node.latest
