"""Entering a client's cabinet and leaving it: django-hijack's views without their sharp edges."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from hijack.views import AcquireUserView, ReleaseUserView

from accounts.models import User
from counterparties.web.middleware import EMPLOYEE_HASH_KEY


class _Person(forms.Form):
    user_pk = forms.IntegerField(min_value=1)


class EnterAsClient(AcquireUserView):
    """POST `user_pk`: work in this person's name. Who may is asked in counterparties.web.impersonation."""

    def get_object(self, queryset: QuerySet[User] | None = None) -> User:
        """The person to become; what is no person's number is not found instead of breaking the page."""
        form = _Person(self.request.POST)
        if not form.is_valid():
            raise Http404
        try:
            return User.objects.get(pk=form.cleaned_data["user_pk"])
        except User.DoesNotExist as error:
            raise Http404 from error

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Enter; remember the employee's password hash, so that changing it ends this, too."""
        employee = cast(User, request.user)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        request.session[EMPLOYEE_HASH_KEY] = employee.get_session_auth_hash()
        return response


class LeaveClient(ReleaseUserView):
    """POST: be oneself again, on the card of the client that was just served."""

    def get_redirect_url(self) -> str:
        wanted: str = super().get_redirect_url()
        served: Any = self.request.actor.holding_id  # still the client's: the actor was built before
        if wanted or served is None:
            return wanted
        return reverse("counterparties:client", args=[served])
