"""The matrix of roles, and the holding's own ones."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import STAGE_OF, Permission, Scope
from counterparties.models import Role
from counterparties.selectors.matrix import role_columns, scopes_of
from counterparties.services.roles import role_change, role_create, role_delete
from counterparties.web.access import cabinet, permitted
from counterparties.web.acting import accepted, acted
from counterparties.web.forms.people import RoleMatrix, RoleNew
from counterparties.web.middleware import PortalRequest


@require_GET
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def role_list(request: PortalRequest) -> HttpResponse:
    """Actions in rows, roles in columns: how far each reaches."""
    columns = role_columns(request.actor)
    labels = dict(Scope.choices)
    rows = [
        (permission.label, stage, [labels.get(column.scopes[permission], "") for column in columns])
        for permission, stage in STAGE_OF.items()
    ]
    context = {
        "columns": columns,
        "rows": rows,
        "form": RoleNew(actor=request.actor),
        "area": "people",
    }
    return render(request, "counterparties/people/roles.html", context)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def role_new(request: PortalRequest) -> HttpResponse:
    """Make a role of one's own after a sample, and go on to change it."""
    form = RoleNew(request.POST, actor=request.actor)
    made: list[Role] = []

    def create() -> None:
        data = form.cleaned_data
        made.append(role_create(actor=request.actor, name=data["name"], sample_id=data["sample"].pk))

    if accepted(form, create):
        return redirect("counterparties:role", made[0].pk)
    for faults in form.errors.values():
        messages.error(request, " ".join(str(fault) for fault in faults))
    return redirect("counterparties:roles")


@require_http_methods(["GET", "POST"])
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def role_card(request: PortalRequest, pk: int) -> HttpResponse:
    """Change a role of one's own: rows are actions, columns how far they reach."""
    role = _own_role(request, pk)
    initial = {"name": role.name, "first_stage": role.first_stage}
    initial |= {permission.value: scope for permission, scope in scopes_of(role).items()}
    form = RoleMatrix(request.POST or None, initial=initial)
    if request.method == "POST" and accepted(form, lambda: _change(request, pk, form)):
        messages.success(request, _("Роль изменена. Новые права действуют сразу."))
        return redirect("counterparties:roles")
    context = {
        "role": role,
        "form": form,
        "rows": [(form[permission.value], stage) for permission, stage in STAGE_OF.items()],
        "area": "people",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "counterparties/people/role.html", context, status=status)


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def role_remove(request: PortalRequest, pk: int) -> HttpResponse:
    """Remove a role that nobody has."""
    _own_role(request, pk)
    act = partial(role_delete, actor=request.actor, role_id=pk)
    return acted(request, act, done=_("Роль удалена."), back=reverse("counterparties:roles"))


def _own_role(request: PortalRequest, pk: int) -> Role:
    role = Role.objects.visible_to(request.actor).filter(pk=pk, holding__isnull=False).first()
    if role is None:
        raise Http404
    return role


def _change(request: PortalRequest, pk: int, form: RoleMatrix) -> None:
    role_change(
        actor=request.actor,
        role_id=pk,
        name=form.cleaned_data["name"],
        first_stage=form.cleaned_data["first_stage"],
        scopes=form.scopes(),
    )
