"""Writes of accounts: letters about sign-in, sessions, notices."""

from accounts.services.people import (
    email_confirm,
    new_device_mail,
    new_device_report,
    password_reset_ask,
    password_reset_mail,
    second_factor_reset,
    security_change_mail,
    security_change_report,
    session_end,
    sessions_end,
)

__all__ = [
    "email_confirm",
    "new_device_mail",
    "new_device_report",
    "password_reset_ask",
    "password_reset_mail",
    "second_factor_reset",
    "security_change_mail",
    "security_change_report",
    "session_end",
    "sessions_end",
]
