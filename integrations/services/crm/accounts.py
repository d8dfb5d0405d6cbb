"""Accounts of CRM systems: how each is asked, its keys, and when it is left alone."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from django.db import transaction
from django.utils import timezone

from integrations.amocrm import wire as amocrm
from integrations.amocrm.gateway import AmoGateway
from integrations.bitrix24 import wire as bitrix24
from integrations.bitrix24.gateway import BitrixGateway
from integrations.crm.gateways import CrmClosed, CrmGateway, CrmTired, CrmUnavailable
from integrations.crm.outward import AddressRefused, Answer, Unreachable, ask
from integrations.crm.pacing import Pace
from integrations.crm.secrets import secrets_of, secrets_sealed
from integrations.crm.things import Company, Deal, Thing
from integrations.models import CrmAccount, CrmKind, CrmSegment, CrmUser, TruthOwner
from integrations.services.outside_trouble import crm_stopped_tell

BITRIX_OAUTH = "https://oauth.bitrix.info/oauth/token/"
_SECONDS, _LONGEST = 15.0, 100_000
_EARLY = timedelta(minutes=2)

log = structlog.get_logger()


def gateway_of(account: CrmAccount) -> CrmGateway:
    """How the account is asked. Raises CrmClosed where nothing lets the portal in."""
    secrets = secrets_of(account.sealed_secrets)
    address = account.address.rstrip("/")

    def renew(used: str) -> str:
        return token_renew(account_id=account.pk, used=used, at=timezone.now())

    if account.kind == CrmKind.BITRIX24:
        webhook, token = secrets.get("webhook", "").strip("/"), secrets.get("access", "")
        if not webhook and not token:
            raise CrmClosed("Не задан вебхук или ключ доступа Битрикс24")
        pace = Pace(account.pk, bitrix24.CAPACITY, bitrix24.RATE)
        bitrix = bitrix24.BitrixWire(address=address, pace=pace, webhook=webhook, token=token, renew=renew)
        return BitrixGateway(wire=bitrix, mapping=account.mapping, words=_words(account))
    if not secrets.get("access"):
        raise CrmClosed("Не задан ключ доступа amoCRM")
    pace = Pace(account.pk, amocrm.CAPACITY, amocrm.RATE)
    amo = amocrm.AmoWire(address=address, pace=pace, token=secrets["access"], renew=renew)
    return AmoGateway(wire=amo, mapping=account.mapping, words=_words(account))


def _words(account: CrmAccount) -> Callable[[Thing], tuple[str, str]]:
    """Whom the CRM is told to make responsible, and which segment: what it decides itself is not told."""
    users: dict[int, str] = {}
    groups: dict[int, str] = {}
    if account.manager_owner == TruthOwner.PORTAL:
        users = dict(CrmUser.objects.filter(account=account).values_list("user_id", "external_id"))
    if account.segment_owner == TruthOwner.PORTAL:
        rows = CrmSegment.objects.filter(account=account).order_by("-pk")
        groups = dict(rows.values_list("group_id", "value"))

    def words(thing: Thing) -> tuple[str, str]:
        manager_id = thing.manager_id if isinstance(thing, Company | Deal) else 0
        group_id = thing.group_id if isinstance(thing, Company) else 0
        return users.get(manager_id, ""), groups.get(group_id, "")

    return words


@transaction.atomic
def token_renew(*, account_id: int, used: str, at: datetime) -> str:
    """Change the key to renew for a fresh pair, once: whoever comes second gets what the first one has got.

    A key to renew is good for one use, so the row is locked while it is used. Raises CrmClosed where it is
    not taken, CrmUnavailable and CrmTired where nobody answers.
    """
    account = CrmAccount.objects.select_for_update(of=("self",)).get(pk=account_id)
    secrets = secrets_of(account.sealed_secrets)
    if secrets.get("access") and secrets["access"] != used:
        return secrets["access"]
    if not secrets.get("refresh"):
        raise CrmClosed("Ключ доступа истёк, а ключа обновления нет: выдайте доступ заново")
    told = _tokens(account, secrets)
    secrets["access"], secrets["refresh"] = told["access_token"], told["refresh_token"]
    lives = timedelta(seconds=int(told.get("expires_in") or 3600))
    secrets["expires_at"] = (at + lives - _EARLY).isoformat()
    account.sealed_secrets = secrets_sealed(secrets)
    account.save(update_fields=["sealed_secrets"])
    log.info("crm_token_renewed", account=account.pk)
    return secrets["access"]


def _tokens(account: CrmAccount, secrets: Mapping[str, str]) -> dict[str, Any]:
    values = {
        "grant_type": "refresh_token",
        "client_id": secrets.get("client_id", ""),
        "client_secret": secrets.get("client_secret", ""),
        "refresh_token": secrets["refresh"],
    }
    try:
        if account.kind == CrmKind.BITRIX24:
            answer = _form(BITRIX_OAUTH, values)
        else:
            values["redirect_uri"] = secrets.get("redirect_uri", "")
            answer = _form(f"{account.address.rstrip('/')}/oauth2/access_token", values)
    except AddressRefused as error:
        raise CrmClosed(str(error)) from error
    except Unreachable as error:
        raise CrmUnavailable(str(error)) from error
    if answer.status == 429:
        raise CrmTired(float(answer.retry_after or 5), "429")
    if answer.status >= 500:
        raise CrmUnavailable(f"status {answer.status}")
    try:
        told = json.loads(answer.body)
        is_whole = answer.status == 200 and bool(told["access_token"]) and bool(told["refresh_token"])
    except (ValueError, KeyError, TypeError):
        is_whole = False
    if not is_whole:
        raise CrmClosed("CRM не принимает ключ обновления: выдайте доступ заново")
    return dict(told)


def _form(url: str, values: Mapping[str, str]) -> Answer:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    body = urlencode(values).encode()
    return ask("POST", url, body=body, headers=headers, longest=_LONGEST, seconds=_SECONDS)


@transaction.atomic
def account_pause(*, account_id: int, reason: str, at: datetime) -> None:
    """Leave an account alone until somebody has looked at it; what waits for it keeps waiting.

    The administrators are told, once for a pause.
    """
    account = CrmAccount.objects.select_for_update(of=("self",)).get(pk=account_id)
    if account.is_paused:
        return
    account.is_paused, account.paused_reason = True, reason[:300]
    account.save(update_fields=["is_paused", "paused_reason"])
    log.error("crm_paused", account=account.pk, reason=reason)
    crm_stopped_tell(account, at=at)


@transaction.atomic
def secrets_set(*, account_id: int, secrets: Mapping[str, str]) -> None:
    """Keep what a person has typed; what he left empty stays."""
    account = CrmAccount.objects.select_for_update(of=("self",)).get(pk=account_id)
    kept = secrets_of(account.sealed_secrets)
    kept |= {name: value.strip() for name, value in secrets.items() if value.strip()}
    account.sealed_secrets = secrets_sealed(kept)
    account.save(update_fields=["sealed_secrets"])


@transaction.atomic
def account_resume(*, account_id: int) -> None:
    """Ask a CRM again after a pause; what waits for it goes with the next minute."""
    account = CrmAccount.objects.select_for_update(of=("self",)).get(pk=account_id)
    account.is_paused, account.paused_reason = False, ""
    account.save(update_fields=["is_paused", "paused_reason"])
