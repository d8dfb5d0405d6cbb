"""Keys of the JSON channel: given out once, checked by their hash."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest

from django.db import transaction

from accounts.limiter import Entry, TooManyGuesses, guess_take
from integrations.models import ExchangeKey, ExchangeNode

_MARK = "onec"
_USED_STEP = timedelta(minutes=1)  # `last_used_at` is not worth a write with each batch
_PREFIX_LENGTH = 8


class KeyRefused(Exception):
    """Why a request is not let in, in Russian; `status` is that of the answer."""

    def __init__(self, text: str, *, status: int) -> None:
        super().__init__(text)
        self.status = status


@transaction.atomic
def key_issue(*, node_id: int, name: str, at: datetime) -> tuple[ExchangeKey, str]:
    """Make a key; its text is returned here and nowhere else. Raises ExchangeNode.DoesNotExist."""
    prefix = secrets.token_hex(_PREFIX_LENGTH // 2)
    text = f"{_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    key = ExchangeKey.objects.create(
        node=ExchangeNode.objects.get(pk=node_id),
        name=name,
        prefix=prefix,
        secret_sha256=_hash(text),
        created_at=at,
    )
    return key, text


@transaction.atomic
def key_revoke(*, key_id: int, at: datetime) -> None:
    """Let nobody in by a key any more. Idempotent. Raises ExchangeKey.DoesNotExist."""
    key = ExchangeKey.objects.select_for_update(of=("self",)).get(pk=key_id)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])


def key_check(*, text: str, ip: str, at: datetime) -> ExchangeKey:
    """Find the key of a request. Wrong ones are counted; a right one is let in whoever guesses meanwhile.

    Raises KeyRefused.
    """
    prefix = text.removeprefix(f"{_MARK}_")[:_PREFIX_LENGTH].replace("\0", "")
    key = ExchangeKey.objects.select_related("node").filter(prefix=prefix).first()
    kept = "" if key is None else key.secret_sha256
    if not compare_digest(_hash(text), kept) or key is None or key.revoked_at is not None:
        _count(prefix, ip, at)
        raise KeyRefused("Ключ не подходит или отозван", status=401)
    if not key.node.is_active:
        raise KeyRefused(f"Обмен с базой {key.node.code} выключен администратором портала", status=403)
    if key.last_used_at is None or at - key.last_used_at > _USED_STEP:
        ExchangeKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def _count(prefix: str, ip: str, at: datetime) -> None:
    try:
        guess_take(entry=Entry.EXCHANGE, account=f"key:{prefix}", ip=ip, at=at)
    except TooManyGuesses:
        raise KeyRefused("Слишком много неверных ключей, повторите через минуту", status=429) from None


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()
