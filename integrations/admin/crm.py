"""CRM systems for the administrator: accounts with their maps, cards, and what has come from there."""

import json
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from integrations.crm.gateways import CrmClosed, CrmRefused, CrmTired, CrmUnavailable
from integrations.crm.mapping import EXAMPLES, mapping_faults
from integrations.crm.outward import AddressRefused, address_check
from integrations.models import (
    CrmAccount,
    CrmInbound,
    CrmKind,
    CrmLink,
    CrmSegment,
    CrmUser,
    LinkState,
)
from integrations.services.crm.accounts import account_resume, gateway_of, secrets_set
from integrations.services.crm.looking import clients_again, clients_look_ask
from integrations.services.crm.marking import cards_again
from integrations.services.crm.polling import poll_now
from portal.lib.readonly import ReadOnly

_SECRETS = {
    "webhook": gettext_lazy("Битрикс24: входящий вебхук, «номер/ключ»"),
    "application_token": gettext_lazy("Битрикс24: ключ исходящего вебхука (application_token)"),
    "access": gettext_lazy("Ключ доступа (access token)"),
    "refresh": gettext_lazy("Ключ обновления (refresh token)"),
    "client_id": gettext_lazy("Номер приложения (client_id)"),
    "client_secret": gettext_lazy("Секрет приложения (client_secret)"),
    "redirect_uri": gettext_lazy("amoCRM: redirect_uri приложения"),
}


class AccountForm(forms.ModelForm):
    """An account; keys are typed and never shown, a mapping is checked word by word."""

    class Meta:
        model = CrmAccount
        fields = ("kind", "name", "address", "mapping", "manager_owner", "segment_owner", "is_active")

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip().rstrip("/")
        try:
            address_check(address)
        except AddressRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        mapping = data.get("mapping")
        kind = data.get("kind") or self.instance.kind
        if "mapping" in self.errors or not kind:
            return data
        mapping = {} if mapping is None else mapping
        if not mapping and not self.instance.pk:
            data["mapping"] = mapping = dict(EXAMPLES[kind])
        for fault in mapping_faults(kind, mapping):
            self.add_error("mapping", fault)
        return data


def _secret_field(label: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=label, required=False, max_length=2_000, widget=widget, help_text=_("Пусто: оставить как есть.")
    )


class UserInline(admin.TabularInline):
    model = CrmUser
    extra = 0

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_staff=True, is_active=True).order_by("full_name")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SegmentInline(admin.TabularInline):
    model = CrmSegment
    extra = 0


@admin.register(CrmAccount)
class CrmAccountAdmin(admin.ModelAdmin):
    """An account: address, keys, what is whose there, and who has the last word."""

    form = AccountForm
    list_display = ("name", "kind", "address", "is_active", "is_paused", "waiting", "refused", "polled_to")
    list_filter = ("kind", "is_active", "is_paused")
    ordering = ("name", "pk")
    inlines = (UserInline, SegmentInline)
    readonly_fields = ("hook_address", "is_paused", "paused_reason", "polled_to", "example")
    actions = ("check_connection", "resume", "read_changes", "write_clients", "write_all")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The fields of secrets are the same for all: they belong to no column."""
        named = {name: _secret_field(label) for name, label in _SECRETS.items()}
        form = type("AccountForm", (AccountForm,), named)
        return super().get_form(request, obj, change, **({"form": form} | kwargs))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        main = ("kind", "name", "address", "is_active")
        owners = ("manager_owner", "segment_owner", "mapping", "example")
        state = ("hook_address", "is_paused", "paused_reason", "polled_to")
        return (
            (None, {"fields": main}),
            (_("Ключи"), {"fields": tuple(_SECRETS)}),
            (_("Что где лежит"), {"fields": owners}),
            *(((_("Состояние"), {"fields": state}),) if obj else ()),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CrmAccount]:
        accounts: QuerySet[CrmAccount] = super().get_queryset(request)
        return accounts.annotate(
            links_waiting=_links(LinkState.WAITING), links_refused=_links(LinkState.REFUSED)
        )

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_at = timezone.now()
            obj.save()
        else:
            obj.save(update_fields=[*AccountForm.Meta.fields])
        typed = {name: form.cleaned_data.get(name) or "" for name in _SECRETS}
        if any(typed.values()):
            secrets_set(account_id=obj.pk, secrets=typed)
        if obj.is_active:  # a new one gets the clients that there are
            clients_look_ask(at=timezone.now())

    @admin.display(description=gettext_lazy("ждут записи"), ordering="links_waiting")
    def waiting(self, account: CrmAccount) -> int:
        return int(vars(account)["links_waiting"])

    @admin.display(description=gettext_lazy("не записаны"), ordering="links_refused")
    def refused(self, account: CrmAccount) -> int:
        return int(vars(account)["links_refused"])

    @admin.display(description=gettext_lazy("адрес для вебхуков CRM"))
    def hook_address(self, account: CrmAccount) -> str:
        return f"{settings.SITE_URL}{reverse('crm_hook', args=[account.hook])}"

    @admin.display(description=gettext_lazy("примеры сопоставления"))
    def example(self, account: CrmAccount) -> SafeString:
        shown = "\n\n".join(
            f"{CrmKind(kind).label}:\n{json.dumps(mapping, ensure_ascii=False, indent=2)}"
            for kind, mapping in EXAMPLES.items()
        )
        return format_html("<pre>{}</pre>", shown)

    @admin.action(description=gettext_lazy("Проверить связь"), permissions=["change"])
    def check_connection(self, request: HttpRequest, queryset: QuerySet[CrmAccount]) -> None:
        for account in queryset.order_by("pk"):
            try:
                who = gateway_of(account).check()
            except (CrmClosed, CrmRefused, CrmTired, CrmUnavailable) as error:
                self.message_user(request, f"«{account.name}»: {error}", messages.ERROR)
            else:
                text = _("«%(name)s» отвечает, портал для неё: %(who)s")
                self.message_user(request, text % {"name": account.name, "who": who}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Возобновить"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[CrmAccount]) -> None:
        for account in queryset.order_by("pk"):
            account_resume(account_id=account.pk)
        self.message_user(request, _("Отправка возобновлена."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Прочитать изменения сейчас"), permissions=["change"])
    def read_changes(self, request: HttpRequest, queryset: QuerySet[CrmAccount]) -> None:
        for account in queryset.order_by("pk"):
            poll_now(account_id=account.pk)
        self.message_user(request, _("Чтение начато, итоги в «Изменениях из CRM»."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Записать всех клиентов"), permissions=["change"])
    def write_clients(self, request: HttpRequest, queryset: QuerySet[CrmAccount]) -> None:
        clients_again(account_ids=list(queryset.values_list("pk", flat=True)), at=timezone.now())
        self.message_user(request, _("Клиенты сверяются, отличия будут записаны."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Записать всё, чему CRM отказала, снова"), permissions=["change"])
    def write_all(self, request: HttpRequest, queryset: QuerySet[CrmAccount]) -> None:
        links = CrmLink.objects.filter(account__in=queryset, state=LinkState.REFUSED)
        count = cards_again(link_ids=list(links.values_list("pk", flat=True)), at=timezone.now())
        self.message_user(request, _("Карточек: %(count)s") % {"count": count}, messages.SUCCESS)


@admin.register(CrmLink)
class CrmLinkAdmin(ReadOnly, admin.ModelAdmin):
    """Cards: what was written and what waits."""

    list_display = (
        "reference", "kind", "account", "external_id", "state", "attempts", "next_at", "written_at",
        "last_error",
    )  # fmt: skip
    list_select_related = ("account",)
    list_filter = ("state", "kind", "account", "is_doubtful")
    search_fields = ("=reference", "=external_id")
    ordering = ("-pk",)
    show_full_result_count = False
    actions = ("write_again",)

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_crmaccount")

    @admin.action(description=gettext_lazy("Записать снова"), permissions=["write"])
    def write_again(self, request: HttpRequest, queryset: QuerySet[CrmLink]) -> None:
        count = cards_again(link_ids=list(queryset.values_list("pk", flat=True)), at=timezone.now())
        self.message_user(request, _("Карточек: %(count)s") % {"count": count}, messages.SUCCESS)


@admin.register(CrmInbound)
class CrmInboundAdmin(ReadOnly, admin.ModelAdmin):
    """What CRM systems have changed and what came of it."""

    list_display = ("received_at", "account", "source", "kind", "external_id", "state", "result", "done_at")
    list_select_related = ("account",)
    list_filter = ("state", "source", "kind", "account")
    search_fields = ("=external_id", "result")
    date_hierarchy = "received_at"
    ordering = ("-received_at", "-pk")
    show_full_result_count = False


def _links(state: str) -> Coalesce:
    """Count cards of an account without a JOIN."""
    rows = (
        CrmLink.objects.filter(account=OuterRef("pk"), state=state)
        .order_by()
        .values("account")
        .annotate(rows=Count("pk"))
        .values("rows")
    )
    return Coalesce(Subquery(rows), 0)
