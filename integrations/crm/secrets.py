"""What lets the portal into a CRM: sealed in the database, opened for a request."""

import json
from collections.abc import Mapping

from accounts.sealing import seal, unseal

FIELDS = (
    "webhook", "application_token", "client_id", "client_secret", "redirect_uri", "access", "refresh",
    "expires_at",
)  # fmt: skip
"""`webhook` is «user/secret» of an incoming webhook of Bitrix24; the rest belongs to OAuth."""


def secrets_of(sealed: str) -> dict[str, str]:
    """Open what is sealed; nothing where there is nothing."""
    return dict(json.loads(unseal(sealed))) if sealed else {}


def secrets_sealed(secrets: Mapping[str, str]) -> str:
    return seal(json.dumps({name: secrets[name] for name in FIELDS if secrets.get(name)}))
