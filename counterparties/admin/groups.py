"""Groups of clients: who buys on the same conditions and sees stock equally exactly."""

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from counterparties.models import ClientGroup, Holding


class HoldingInGroupInline(admin.TabularInline):
    """Clients of the group, to read: a client's group is chosen on his own page."""

    model = Holding
    fields = ("name", "home_city", "is_active")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Holding]:
        holdings: QuerySet[Holding] = super().get_queryset(request)
        return holdings.select_related("home_city").order_by("name", "pk")


@admin.register(ClientGroup)
class ClientGroupAdmin(admin.ModelAdmin):
    list_display = ("name", "stock_mask", "holdings")
    list_editable = ("stock_mask",)
    search_fields = ("name",)
    ordering = ("name",)
    inlines = (HoldingInGroupInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClientGroup]:
        groups: QuerySet[ClientGroup] = super().get_queryset(request)
        members = (
            Holding.objects.filter(group=OuterRef("pk")).order_by().values("group").annotate(rows=Count("pk"))
        )
        return groups.annotate(holding_count=Coalesce(Subquery(members.values("rows")), 0))

    @admin.display(description=_("клиентов"), ordering="holding_count")
    def holdings(self, group: ClientGroup) -> int:
        return int(vars(group)["holding_count"])
