"""How a company becomes a client: its own pages, open to strangers.

A stranger gets the same answers whether the ИНН or the address is known or not.
"""

from dataclasses import asdict
from typing import Any

import structlog
from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from counterparties.lookup import CompanyFacts, LookupUnavailable, company_lookup
from counterparties.models import ConsentKind, ConsentText, RegistrationState
from counterparties.registration_refusals import LinkDead, RegistrationRefused, WrongRequisites
from counterparties.services.consents import consent_text_current
from counterparties.services.registration import (
    registration_confirm,
    registration_of_token,
    registration_start,
)
from counterparties.web.forms.registration import ApplicationForm, InnForm, PasswordForm
from portal.audit.middleware import client_ip

log = structlog.get_logger(__name__)

_SESSION_KEY = "join"
_LIMITS = {"join_inn": "20/h/ip", "join": "10/h/ip,3/h/key", "join_confirm": "20/h/ip"}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask the ИНН first; a directory of companies may then know the rest."""
    form = InnForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "counterparties/registration/inn.html", {"form": form})
    if not form.is_valid():
        return render(request, "counterparties/registration/inn.html", {"form": form}, status=422)
    if not _within_limit(request, "join_inn"):
        return render(request, "429.html", status=429)
    inn = form.cleaned_data["inn"]
    request.session[_SESSION_KEY] = {"inn": inn, "facts": _facts(inn)}
    return redirect("counterparties:join_company")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_company(request: HttpRequest) -> HttpResponse:
    """The company, the person and the consents; then a letter goes to the address."""
    kept = request.session.get(_SESSION_KEY)
    if not kept:
        return redirect("counterparties:join")
    now = timezone.now()
    texts = [consent_text_current(kind, at=now) for kind in ConsentKind]
    if request.method != "POST":
        form = ApplicationForm(inn=kept["inn"], texts=texts, initial=kept["facts"])
        return _company_page(request, form, kept)
    form = ApplicationForm(request.POST, inn=kept["inn"], texts=texts)
    if not form.is_valid():
        return _company_page(request, form, kept, status=422)
    if not _within_limit(request, "join", key=form.cleaned_data["email"].lower()):
        return render(request, "429.html", status=429)
    try:
        registration_start(
            application=form.application(kept["facts"].get("note", "")),
            texts=form.given_texts(),
            ip=client_ip(request),
            at=now,
        )
    except WrongRequisites as refusal:
        form.refuse(refusal)
        return _company_page(request, form, kept, status=422)
    del request.session[_SESSION_KEY]
    return redirect("counterparties:join_sent")


@login_not_required
@require_safe
def join_sent(request: HttpRequest) -> HttpResponse:
    """The same words for everybody."""
    return render(request, "counterparties/registration/sent.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter: a button (mail scanners follow links), and a password for a new person."""
    try:
        registration = registration_of_token(token)
    except LinkDead as refusal:
        return _refused(request, refusal, status=404)
    if registration.state != RegistrationState.DRAFT:
        return render(request, "counterparties/registration/confirmed.html")
    is_known = User.objects.filter(email=registration.email).exists()
    data = request.POST if request.method == "POST" else None
    form = PasswordForm(data, email=registration.email, full_name=registration.contact_name)
    context = {"registration": registration, "is_known": is_known, "form": form}
    if request.method != "POST":
        return render(request, "counterparties/registration/confirm.html", context)
    if not _within_limit(request, "join_confirm"):
        return render(request, "429.html", status=429)
    if not is_known and not form.is_valid():
        return render(request, "counterparties/registration/confirm.html", context, status=422)
    password = None if is_known else form.cleaned_data["password"]
    try:
        registration_confirm(registration_id=registration.pk, password=password, at=timezone.now())
    except RegistrationRefused as refusal:
        return _refused(request, refusal, status=409)
    messages.success(request, _("Почта подтверждена. Войдите, чтобы следить за заявкой."))
    return redirect("account_login")


@login_not_required
@require_safe
def consent_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a published consent."""
    text = get_object_or_404(ConsentText, pk=pk, published_at__isnull=False)
    return render(request, "counterparties/consents/text.html", {"text": text})


def _facts(inn: str) -> dict[str, Any]:
    """What the directory knows, as the form's first values; nothing where it is off or silent."""
    try:
        company: CompanyFacts | None = company_lookup().company_by_inn(inn)
    except LookupUnavailable as failure:
        log.info("company_lookup_unavailable", reason=str(failure))
        return {}
    return {} if company is None else asdict(company) | {"kind": str(company.kind)}


def _company_page(
    request: HttpRequest, form: ApplicationForm, kept: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"form": form, "inn": kept["inn"], "facts": kept["facts"], "texts": form.texts}
    return render(request, "counterparties/registration/company.html", context, status=status)


def _within_limit(request: HttpRequest, action: str, key: str | None = None) -> bool:
    return bool(ratelimit.consume(request, app="registration", action=action, config=_LIMITS, key=key))


def _refused(request: HttpRequest, refusal: RegistrationRefused, *, status: int) -> HttpResponse:
    context = {"reason": str(refusal)}
    return render(request, "counterparties/registration/refused.html", context, status=status)
