"""What 1C sent and a person has to place: statuses, counterparties, orders that wait."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counterparties.models import LegalEntity
from integrations.models import ErpParty, HeldOrder, OrderStateMapping, TruthOwner
from integrations.onec.incoming.requisites import state_key
from integrations.reports.order_states import OWNED, state_lines, truth_lines, unmoved_names
from integrations.services.incoming.waiting import held_try, party_match, party_put_aside
from integrations.services.truth import field_truth_set
from portal.lib.readonly import ReadOnly


class StateMappingForm(forms.ModelForm):
    """A status is known by its letters: spaces, case and look-alikes do not tell two apart."""

    class Meta:
        model = OrderStateMapping
        fields = ["system", "node", "name", "target"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        same = OrderStateMapping.objects.filter(system=told.get("system"), node=told.get("node")).exclude(
            pk=self.instance.pk
        )
        key = state_key(told.get("name", ""))
        if key and any(state_key(name) == key for name in same.values_list("name", flat=True)):
            self.add_error("name", _("Такой статус уже есть в списке."))
        return told


@admin.register(OrderStateMapping)
class OrderStateMappingAdmin(admin.ModelAdmin):
    form = StateMappingForm
    list_display = ("name", "system", "target", "node")
    list_select_related = ("node",)
    list_filter = ("system", "node")
    search_fields = ("name",)
    ordering = ("name", "pk")
    change_list_template = "admin/integrations/orderstatemapping/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        table = self.admin_site.admin_view(self.table_view)
        return [path("table/", table, name="integrations_orderstatemapping_table"), *super().get_urls()]

    def table_view(self, request: HttpRequest) -> HttpResponse:
        """States of an order here, in 1C and in a CRM, and whose word counts."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            self._truths_set(request)
            return redirect("admin:integrations_orderstatemapping_table")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Состояния заказа"),
            "lines": state_lines(),
            "unmoved": unmoved_names(),
            "truths": truth_lines(),
            "owners": [(one.value, one.label) for one in (TruthOwner.ERP, TruthOwner.PORTAL)],
        }
        return TemplateResponse(request, "admin/integrations/orderstatemapping/table.html", context)

    def _truths_set(self, request: HttpRequest) -> None:
        for field in OWNED:
            owner = request.POST.get(field.value, "")
            if owner in (TruthOwner.ERP, TruthOwner.PORTAL):
                field_truth_set(field=field, owner=TruthOwner(owner))
        messages.success(request, _("Сохранено."))


@admin.register(ErpParty)
class ErpPartyAdmin(admin.ModelAdmin):
    """The queue «Сопоставить»: which legal entity here a counterparty of 1C is."""

    list_display = ("shown", "inn", "kpp", "state", "reason", "legal_entity", "node", "seen_at")
    list_select_related = ("legal_entity", "node")
    list_filter = ("state", "node", "is_deleted")
    search_fields = ("name", "full_name", "inn", "external_id")
    ordering = ("-seen_at", "-pk")
    show_full_result_count = False
    autocomplete_fields = ("legal_entity",)
    actions = ("put_aside", "take_back")
    fields = (
        "name", "full_name", "legal_form", "inn", "kpp", "ogrn", "address", "partner_external_id",
        "is_deleted", "node", "external_id", "seen_at", "state",
        "reason", "alike", "legal_entity",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "legal_entity")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("контрагент"), ordering="name")
    def shown(self, party: ErpParty) -> str:
        return str(party)

    @admin.display(description=gettext_lazy("юрлица с этим ИНН"))
    def alike(self, party: ErpParty) -> str:
        """To choose from; none for an empty ИНН."""
        if not party.inn:
            return "–"
        found = LegalEntity.objects.in_use().filter(inn__in=[party.inn, f"0{party.inn}"])
        rows = [
            (entity.name, entity.inn, entity.kpp or "–", entity.holding.name)
            for entity in found.select_related("holding").order_by("name", "pk")[:20]
        ]
        return format_html_join("", "<div>{}, ИНН {}, КПП {} ({})</div>", rows) or "–"

    def save_model(self, request: HttpRequest, obj: ErpParty, form: Any, change: bool) -> None:
        if obj.legal_entity_id is None:
            return
        placed = party_match(party_id=obj.pk, legal_entity_id=obj.legal_entity_id, at=timezone.now())
        if placed:
            text = _("Заказов из 1С, которые этого ждали: %(count)s") % {"count": placed}
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Не нужен"), permissions=["change"])
    def put_aside(self, request: HttpRequest, queryset: QuerySet[ErpParty]) -> None:
        count = party_put_aside(party_ids=list(queryset.values_list("pk", flat=True)), is_aside=True)
        self.message_user(request, _("Убрано из очереди: %(count)s") % {"count": count}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Вернуть в очередь"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[ErpParty]) -> None:
        count = party_put_aside(party_ids=list(queryset.values_list("pk", flat=True)), is_aside=False)
        self.message_user(request, _("Возвращено в очередь: %(count)s") % {"count": count}, messages.SUCCESS)


@admin.register(HeldOrder)
class HeldOrderAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("shown", "client", "total", "reason", "node", "received_at", "tried_at")
    list_select_related = ("node",)
    list_filter = ("node",)
    search_fields = ("number", "client", "external_id", "reason")
    ordering = ("-received_at", "-pk")
    actions = ("try_again",)
    fields = (
        "node",
        "external_id",
        "number",
        "client",
        "total",
        "reason",
        "received_at",
        "tried_at",
        "formed_at",
    )

    @admin.display(description=gettext_lazy("заказ"), ordering="number")
    def shown(self, held: HeldOrder) -> str:
        return str(held)

    @admin.action(description=gettext_lazy("Попробовать снова"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[HeldOrder]) -> None:
        placed = 0
        for node_id in sorted(set(queryset.values_list("node_id", flat=True))):
            placed += held_try(node_id=node_id, at=timezone.now())
        text = _("Заказов, которые нашли своё место: %(count)s") % {"count": placed}
        self.message_user(request, text, messages.SUCCESS if placed else messages.WARNING)
