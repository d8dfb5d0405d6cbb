"""Doors of the cabinet and of the manager's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.permissions import Permission
from counterparties.actor import AccessDenied

View = Callable[..., HttpResponseBase]


def permitted(permission: Permission) -> Callable[[View], View]:
    """Let a view run only for an actor with the permission; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            request.actor.require(permission)  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def cabinet(view: View) -> View:
    """Let a view run only for a client's person."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.actor.is_client:  # type: ignore[attr-defined]
            raise AccessDenied("Страница для клиентов")
        return view(request, *args, **kwargs)

    return guarded
