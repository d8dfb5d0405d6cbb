"""Entering a client's cabinet and leaving it: django-hijack's views under our own limits."""

from typing import Any, cast

from django import forms
from django.contrib.auth import BACKEND_SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from hijack.views import AcquireUserView, ReleaseUserView

from accounts.models import User
from counterparties.models import EntryRefusal, VisitEnd
from counterparties.selectors.visits import entry_refusal
from counterparties.services.visits import visit_begin, visit_refuse
from counterparties.visit_refusals import EntryRefused
from counterparties.web.forms.visits import VisitStart
from counterparties.web.impersonation import OWN_SESSION_KEY, VISIT_KEY, new_session, visit_close
from counterparties.web.middleware import HOLDING_KEY, LEGAL_ENTITY_KEY


class _Person(forms.Form):
    user_pk = forms.IntegerField(min_value=1)


class EnterAsClient(AcquireUserView):
    """POST `user_pk`, `holding`, `reason`, `cart`: work in this person's name, in a session of its own.

    Whoever may not is refused before anything is locked, so that the refusal is kept.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and "user_pk" in request.POST and request.user.is_authenticated:
            self._require(request)
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        """The person to become; what is no person's number is not found instead of breaking the page."""
        form = _Person(self.request.POST)
        if not form.is_valid():
            raise Http404
        try:
            return User.objects.get(pk=form.cleaned_data["user_pk"])
        except User.DoesNotExist as error:
            raise Http404 from error

    def test_func(self) -> bool:
        """Asked already, for the holding that is meant (`_require`), and once more by `visit_begin`."""
        return True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Leave the employee's session as it is and begin a fresh one for the visit."""
        form, at = self._form(request), timezone.now()
        try:
            visit = visit_begin(
                employee=cast(User, request.user),
                person_id=self.get_object().pk,
                holding_id=form.cleaned_data["holding"],
                reason=form.cleaned_data["reason"],
                cart=form.cleaned_data["cart"],
                at=at,
            )
        except EntryRefused as refusal:  # taken away between the first look and the lock
            raise PermissionDenied from refusal
        own = request.session
        request.session = new_session()
        request.session[BACKEND_SESSION_KEY] = own[BACKEND_SESSION_KEY]
        answer: HttpResponse = super().post(request, *args, **kwargs)
        request.session[VISIT_KEY], request.session[OWN_SESSION_KEY] = visit.pk, own.session_key
        request.session[HOLDING_KEY] = visit.holding_id
        if form.cleaned_data["legal_entity"]:
            request.session[LEGAL_ENTITY_KEY] = form.cleaned_data["legal_entity"]
        return answer

    def _form(self, request: HttpRequest) -> VisitStart:
        form = VisitStart(request.POST)
        if not form.is_valid():
            raise Http404
        return form

    def _require(self, request: HttpRequest) -> None:
        """Raises PermissionDenied after noting who tried what; Http404 for what is no person."""
        employee, person, at = cast(User, request.user), self.get_object(), timezone.now()
        form = self._form(request)
        visit = request.visit  # type: ignore[attr-defined]
        reason: EntryRefusal | None = EntryRefusal.NESTED
        if visit is None:
            reason, _membership = entry_refusal(
                employee=employee,
                person=person,
                holding_id=form.cleaned_data["holding"],
                on=timezone.localdate(at),
            )
        if reason is not None:
            employee_id: int = visit.employee_id if visit else employee.pk
            visit_refuse(employee_id=employee_id, person_id=person.pk, reason=reason, at=at)
            raise PermissionDenied(reason.label)


class LeaveClient(ReleaseUserView):
    """POST: be oneself again, in one's own session, and see what was done."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return visit_close(
            request,
            request.visit,  # type: ignore[attr-defined]
            own_session_key=request.session.get(OWN_SESSION_KEY, ""),
            end=VisitEnd.LEFT,
            at=timezone.now(),
        )
