"""The name and password that come with every request of 1C."""

import base64
import binascii
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from integrations.onec.refusal import ExchangeRefusal


@dataclass(frozen=True, slots=True)
class Credentials:
    """What stands in the Authorization header."""

    username: str
    password: str = field(repr=False)  # tracebacks in the log print it otherwise

    def sealed(self, *, token: str, password_hash: str) -> str:
        """Make what a session remembers of them: one HMAC instead of a slow hash with each request.

        The stored hash is part of it, so that a changed password ends all sessions of the old one.
        """
        value = "\x00".join((self.username, self.password, password_hash))
        return salted_hmac(f"integrations.exchange.{token}", value, algorithm="sha256").hexdigest()

    def match(self, sealed: str, *, token: str, password_hash: str) -> bool:
        """Tell whether these are the credentials that the session was opened with."""
        return constant_time_compare(sealed, self.sealed(token=token, password_hash=password_hash))


def request_credentials(request: HttpRequest) -> Credentials:
    """Read Basic authentication, in UTF-8 or windows-1251. Raises ExchangeRefusal."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise ExchangeRefusal("Не переданы имя пользователя и пароль обмена")
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        raise ExchangeRefusal("Заголовок Authorization не читается") from None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("windows-1251", errors="replace")
    username, _, password = text.replace("\0", "\N{REPLACEMENT CHARACTER}").partition(":")
    return Credentials(username, password)
