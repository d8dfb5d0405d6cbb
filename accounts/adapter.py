"""allauth's hooks."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation of their company or of a manager: nobody signs up alone."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
