"""The address to which a letter of a talk is answered: it names the talk and the reader, and is signed.

`talk+<talk>-<reader>-<signature>@mail.example`: the answer is taken only from the reader's own address, and
nobody who knows his own can make that of a colleague.
"""

import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_SALT = "counterparties.reply_addresses"
_TAG = re.compile(r"\+([0-9a-f]{20})-([0-9]{1,18})-([0-9a-f]{16})@", re.IGNORECASE)


def reply_address(token: str, user_id: int) -> str:
    """Make the address for one reader; "" where the portal takes no letters."""
    name, _at, domain = settings.TALK_MAIL_ADDRESS.partition("@")
    return f"{name}+{token}-{user_id}-{_signature(token, user_id)}@{domain}" if domain else ""


def reply_address_read(address: str) -> tuple[str, int] | None:
    """The talk and the reader that an address names; None for a foreign, changed or forged one."""
    plain = parseaddr(address)[1].lower()
    name, _at, domain = settings.TALK_MAIL_ADDRESS.lower().partition("@")
    found = _TAG.search(plain)
    if found is None or not domain or not (plain.startswith(f"{name}+") and plain.endswith(f"@{domain}")):
        return None
    token, user_id = found[1], int(found[2])
    return (token, user_id) if constant_time_compare(found[3], _signature(token, user_id)) else None


def _signature(token: str, user_id: int) -> str:
    return salted_hmac(_SALT, f"{token}:{user_id}", algorithm="sha256").hexdigest()[:16]
