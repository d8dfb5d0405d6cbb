"""How a holding calls our goods: learnt, removed, put back. Nothing is deleted."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from catalog.models import Sku
from catalog.search.letters import code_key
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from orders.models import ClientCode, CodeSource, Upload
from orders.refusals import CodeTaken, CodeWrong
from orders.services.uploads import gathering_allowed

_LONGEST = 300


@transaction.atomic
def codes_remember(
    *,
    actor: Actor,
    codes: Mapping[str, int],
    source: CodeSource,
    at: datetime,
    upload: Upload | None = None,
) -> int:
    """Let codes (as the client writes them) mean skus from now on; return how many are new.

    A code that meant another good before is removed and learnt anew; one that means it already stays.
    Of two spellings of one code the last counts. Raises AccessDenied, CodeWrong.
    """
    gathering_allowed(actor)
    parties_hold()
    wanted = _wanted(codes)
    known = ClientCode.objects.visible_to(actor).in_use().filter(key__in=list(wanted))
    held = {code.key: code for code in known.select_for_update(of=("self",)).order_by("pk")}
    changed = [code.pk for key, code in held.items() if code.sku_id != wanted[key][1]]
    _remove(ClientCode.objects.filter(pk__in=changed), actor, at)
    new = [
        ClientCode(
            holding_id=cast(int, actor.holding_id),  # an upload or a page of codes is a client's
            code=code,
            key=key,
            sku_id=sku_id,
            source=source,
            upload=upload,
            author_id=actor.user_id,
            acting_user_id=actor.impersonator_id,
            created_at=at,
        )
        for key, (code, sku_id) in wanted.items()
        if key not in held or held[key].sku_id != sku_id
    ]
    # Two people may teach one code at once: the first one counts.
    ClientCode.objects.bulk_create(new, ignore_conflicts=True, batch_size=2_000)
    return len(new)


@transaction.atomic
def code_remove(*, actor: Actor, code_id: int, at: datetime) -> ClientCode:
    """Let a code mean nothing any more; idempotent. Raises AccessDenied, ClientCode.DoesNotExist."""
    gathering_allowed(actor)
    code = _locked(actor, code_id)
    if code.removed_at is None:
        _remove(ClientCode.objects.filter(pk=code.pk), actor, at)
    return code


@transaction.atomic
def code_restore(*, actor: Actor, code_id: int) -> ClientCode:
    """Put a removed code back; idempotent.

    Raises AccessDenied, ClientCode.DoesNotExist, CodeTaken (it means another good by now).
    """
    gathering_allowed(actor)
    code = _locked(actor, code_id)
    if code.removed_at is None:
        return code
    if ClientCode.objects.in_use().filter(holding=code.holding_id, key=code.key).exists():
        raise CodeTaken(code.code)
    code.removed_at = code.removed_by = None
    try:
        with transaction.atomic():
            code.save(update_fields=["removed_at", "removed_by"])
    except IntegrityError as error:  # taught or put back by somebody else at the same moment
        raise CodeTaken(code.code) from error
    return code


@transaction.atomic
def codes_of_upload_forget(*, actor: Actor, upload_uid: str, at: datetime) -> int:
    """Undo all that an upload taught; return how many codes. Raises AccessDenied, Upload.DoesNotExist."""
    gathering_allowed(actor)
    upload = Upload.objects.visible_to(actor).get(uid=upload_uid)
    return _remove(ClientCode.objects.visible_to(actor).in_use().filter(upload=upload), actor, at)


def _wanted(codes: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Code as written and sku by key; skus that are not there are left out."""
    known = set(Sku.objects.filter(pk__in=set(codes.values())).values_list("pk", flat=True))
    wanted: dict[str, tuple[str, int]] = {}
    for code, sku_id in codes.items():
        text = code.strip()[:_LONGEST]
        key = code_key(text)
        if not key:
            raise CodeWrong(code)
        if sku_id in known:
            wanted[key] = (text, sku_id)
    return wanted


def _locked(actor: Actor, code_id: int) -> ClientCode:
    return ClientCode.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=code_id)


def _remove(codes: QuerySet[ClientCode], actor: Actor, at: datetime) -> int:
    return codes.update(removed_at=at, removed_by_id=actor.user_id)
