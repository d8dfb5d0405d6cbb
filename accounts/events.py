"""What happens to accounts; each of these is followed by a letter."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.outbox.events import Event


class SecurityChange(models.TextChoices):
    """Changes that their owner must hear of even when they were not his."""

    PASSWORD_CHANGED = "password_changed", _("изменен пароль")
    PASSWORD_RESET = "password_reset", _("задан новый пароль по ссылке из письма")
    TOTP_ACTIVATED = "totp_activated", _("подключено приложение с кодами")
    TOTP_DEACTIVATED = "totp_deactivated", _("отключено приложение с кодами")
    RECOVERY_CODES_GENERATED = "recovery_codes_generated", _("созданы новые резервные коды")
    WEBAUTHN_ADDED = "webauthn_added", _("добавлен ключ входа")
    WEBAUTHN_REMOVED = "webauthn_removed", _("удален ключ входа")
    COMPANY_CONNECTED = "account_connected", _("подключен вход через компанию")


@dataclass(frozen=True, slots=True)
class PasswordResetAsked(Event):
    """Somebody asked for a link to a new password; whether the address is known is looked up later."""

    email: str


@dataclass(frozen=True, slots=True)
class SignedInFromNewDevice(Event):
    """A person signed in from a browser that has not been seen with them."""

    user_id: int
    at: datetime
    ip: str
    browser: str


@dataclass(frozen=True, slots=True)
class SecurityChanged(Event):
    """Password, second step or keys of an account were changed."""

    user_id: int
    change: SecurityChange
    at: datetime
    ip: str
    browser: str
