"""Calling people in, and coming by a link."""

from functools import partial
from typing import cast

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Permission
from counterparties.models import Invitation
from counterparties.rights_refusals import InvitationDead
from counterparties.services.invitations import (
    invitation_accept,
    invitation_by_token,
    invitation_join,
    invitation_resend,
    invitation_revoke,
    invitation_send,
)
from counterparties.web.access import cabinet, permitted
from counterparties.web.acting import accepted, acted
from counterparties.web.forms.people import Acceptance, Invite
from counterparties.web.middleware import HOLDING_KEY, PortalRequest

_BACKEND = "accounts.backends.PersonBackend"


@require_http_methods(["GET", "POST"])
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def invite(request: PortalRequest) -> HttpResponse:
    """Call a person in by e-mail."""
    form = Invite(request.POST or None, actor=request.actor)
    if request.method == "POST" and accepted(form, lambda: _send(request, form)):
        text = _("Приглашение отправлено на {email}. Ссылка действует 72 часа.")
        messages.success(request, text.format(email=form.cleaned_data["email"]))
        return redirect("counterparties:people")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "counterparties/people/invite.html", {"form": form, "area": "people"}, status=status
    )


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def resend(request: PortalRequest, pk: int) -> HttpResponse:
    """Send a new link; the old one is dead."""
    act = partial(invitation_resend, actor=request.actor, invitation_id=pk, at=timezone.now())
    done = _("Отправлена новая ссылка на 72 часа, прежняя больше не действует.")
    return acted(request, act, done=done, back=reverse("counterparties:people"))


@require_POST
@cabinet
@permitted(Permission.PEOPLE_MANAGE)
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    act = partial(invitation_revoke, actor=request.actor, invitation_id=pk, at=timezone.now())
    return acted(request, act, done=_("Приглашение отозвано."), back=reverse("counterparties:people"))


@login_not_required
@never_cache
@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "POST"])
def invitation(request: PortalRequest, token: str) -> HttpResponse:
    """Come by the link: a new person names himself, a known one signs in and joins."""
    try:
        found = invitation_by_token(token, at=timezone.now())
    except InvitationDead:
        return render(request, "counterparties/people/invitation_dead.html", status=410)
    if request.user.is_authenticated:
        return _known(request, found, token)
    if User.objects.filter(email=found.email).exists():
        return render(request, "counterparties/people/invitation_sign_in.html", {"invitation": found})
    return _new(request, found, token)


def _known(request: PortalRequest, found: Invitation, token: str) -> HttpResponse:
    """A signed-in person joins with one press; another's invitation is not his."""
    user = cast(User, request.user)
    if request.actor.impersonator_id is not None or user.email != found.email or user.is_staff:
        return render(
            request, "counterparties/people/invitation_other.html", {"invitation": found}, status=403
        )
    context = {"invitation": found}
    if request.method == "GET":
        return render(request, "counterparties/people/invitation_join.html", context)

    def join() -> None:
        invitation_join(token=token, user=user, at=timezone.now())
        request.session[HOLDING_KEY] = found.holding_id

    return acted(
        request,
        join,
        done=_("Вы работаете от имени компании {holding}.").format(holding=found.holding.name),
        back=reverse("home"),
    )


def _new(request: PortalRequest, found: Invitation, token: str) -> HttpResponse:
    form = Acceptance(request.POST or None, email=found.email)
    if request.method == "POST" and accepted(form, lambda: _accept(request, form, token)):
        return redirect("home")
    status = 422 if request.method == "POST" else 200
    context = {"invitation": found, "form": form}
    return render(request, "counterparties/people/invitation_accept.html", context, status=status)


def _accept(request: PortalRequest, form: Acceptance, token: str) -> None:
    data = form.cleaned_data
    membership = invitation_accept(
        token=token,
        full_name=data["full_name"],
        password=data["password"],
        position=data["position"],
        at=timezone.now(),
    )
    login(request, membership.user, backend=_BACKEND)


def _send(request: PortalRequest, form: Invite) -> None:
    invitation_send(
        actor=request.actor,
        email=form.cleaned_data["email"],
        rights=form.rights(),
        at=timezone.now(),
    )
