"""Refusing letters by the link that stands in them: no session, a signed token in the address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.limiter import Entry, TooManyGuesses, guess_return, guess_take
from accounts.services.letters import NoSuchSubscription, letters_refuse, subscription_of
from portal.audit.middleware import client_ip


@login_not_required
@csrf_exempt  # a mail program posts from nowhere (RFC 8058); the token is the permission
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask (a link is opened by scanners, too), and refuse when the button or the mail program posts."""
    try:
        guess = guess_take(entry=Entry.UNSUBSCRIBE, account=token, ip=client_ip(request), at=timezone.now())
    except TooManyGuesses:
        refused = render(request, "429.html", status=429)
        refused["Retry-After"] = "300"
        return refused
    try:
        is_done = request.method == "POST"
        subscription = letters_refuse(token=token) if is_done else subscription_of(token)
    except NoSuchSubscription as error:
        raise Http404 from error
    guess_return(guess)
    person = subscription.person
    context = {
        "person": person,
        "kinds": subscription.kinds,
        "is_digest": subscription.is_digest,
        "language": person.language if person else "",
        "is_done": is_done,
    }
    return render(request, "accounts/unsubscribe.html", context)
