"""The log of trust: who was given what, by whom, until when."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from counterparties.admin.registration import ReadOnlyAdmin
from counterparties.models import StageGrant
from counterparties.selectors import actor_for
from counterparties.services.stages_administered import stages_take


@admin.register(StageGrant)
class StageGrantAdmin(ReadOnlyAdmin):
    """Read only; the administrator may take a stage away at once."""

    list_display = ("person", "holding", "stage", "state", "valid_until", "requested_at", "decided_by")
    list_select_related = ("membership__user", "membership__holding", "membership__role", "decided_by")
    list_filter = ("state", "stage")
    search_fields = ("membership__user__full_name", "membership__user__email", "membership__holding__name")
    date_hierarchy = "requested_at"
    ordering = ("-requested_at", "-pk")
    show_full_result_count = False
    actions = ("take_away",)

    @admin.display(description=_("человек"))
    def person(self, grant: StageGrant) -> str:
        return grant.membership.user.get_full_name()

    @admin.display(description=_("клиент"))
    def holding(self, grant: StageGrant) -> str:
        return grant.membership.holding.name

    @admin.action(description=_("Отозвать ступень сейчас"))
    def take_away(self, request: HttpRequest, queryset: QuerySet[StageGrant]) -> None:
        actor = actor_for(request.user, on=timezone.localdate())  # type: ignore[arg-type]
        chosen = list(queryset.values_list("pk", flat=True))
        taken = stages_take(actor=actor, grant_ids=chosen, at=timezone.now())
        self.message_user(request, _t("Отозвано ступеней: {number}.").format(number=taken))
