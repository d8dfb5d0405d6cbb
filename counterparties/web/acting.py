"""One press of a button: the service's refusal becomes a message."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from counterparties.rights_refusals import RightsRefused


def acted(request: HttpRequest, act: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """Do it and go back with what it came to; what the person may not see is not found."""
    try:
        act()
    except RightsRefused as refusal:
        messages.error(request, str(refusal))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    else:
        messages.success(request, done)
    return redirect(back)


def faulty(request: HttpRequest, form: BaseForm, *, back: str) -> HttpResponse:
    """Go back with the faults of a small form in a message."""
    for faults in form.errors.values():
        messages.error(request, " ".join(str(fault) for fault in faults))
    return redirect(back)


def accepted(form: BaseForm, act: Callable[[], object]) -> bool:
    """Do it if the form is right; a refusal becomes the form's fault. Raises Http404."""
    if not form.is_valid():
        return False
    try:
        act()
    except RightsRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return True
