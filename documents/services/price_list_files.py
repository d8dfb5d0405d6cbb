"""Making price lists in the background and handing them over."""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import IO, cast
from uuid import UUID

from django.db import transaction

from catalog.index.reading import catalog_index
from counterparties.actor import AccessDenied, Actor
from documents.events import PriceListAsked, PriceListMade
from documents.models import PriceListDownload, PriceListFile, PriceListProfile
from documents.price_lists.options import ListOptions, WrongOptions
from documents.price_lists.paper import price_list_of
from documents.price_lists.writing import MIMES, write_price_list
from documents.selectors.price_lists import KEPT_FILES, ListNotPossible, buyer_of, newest_ready
from documents.services.price_lists import profile_locked, profile_of_link
from documents.states import ListFileState, ListFormat
from portal import outbox
from portal.files.models import StoredFile
from portal.files.services import store
from portal.lib.dates import MOSCOW, format_date, moscow_date

LINK_AGE = timedelta(hours=12)
"""A file that a link serves is made anew when it is older."""
NIGHT_HOUR = 4
_LOST_AFTER = timedelta(hours=1)
_LOST = "Подготовка прервалась. Запустите её ещё раз."
_BROKEN = "Не получилось из-за ошибки портала, администратор о ней уже знает."

Told = Callable[[int], None]


@transaction.atomic
def price_list_ask(*, actor: Actor, uid: UUID, at: datetime) -> PriceListFile:
    """Have a price list made; while one is being made, that is the one.

    Raises AccessDenied, PriceListProfile.DoesNotExist.
    """
    return _asked(profile_locked(actor, uid), at=at)


def price_list_make(
    *,
    file_id: int,
    at: datetime,
    finishing: Callable[[], AbstractContextManager[None]] = transaction.atomic,
    beat: Callable[[], None] = lambda: None,
    is_last_try: bool = False,
) -> None:
    """Write the file; however often it runs, one file comes of it.

    What only a person can mend makes it failed with the reason, and so does the last try that breaks.
    `finishing` opens the transaction in which the result is kept, `beat` is called between portions
    and may raise to stop. Raises whatever broke.
    """
    row = PriceListFile.objects.select_related("profile__city").filter(pk=file_id).first()
    if row is None or row.state != ListFileState.QUEUED:
        return
    with tempfile.TemporaryFile() as target:
        try:
            count = _written(row, target, at=at, beat=beat)
        except (ListNotPossible, WrongOptions) as reason:
            with finishing():
                _failed(row.pk, str(reason))
            return
        except Exception:
            if is_last_try:
                _failed(row.pk, _BROKEN)
            raise
        target.seek(0)
        with finishing():
            _ready(row, target, count=count, at=at)


def price_lists_due(*, at: datetime) -> int:
    """Ask for what goes out by mail at this hour of Moscow and, at night, for what links serve.

    Return how many were asked for. Repeated for the same hour it changes nothing but what is done already.
    """
    there = at.astimezone(MOSCOW)
    profiles = PriceListProfile.objects.select_for_update(of=("self",)).order_by("pk")
    with transaction.atomic():
        mailed = list(profiles.filter(weekday=there.weekday(), hour=there.hour))
        linked = list(profiles.exclude(link_hash="")) if there.hour == NIGHT_HOUR else []
        ids = {profile.pk for profile in mailed}
        for profile in mailed:
            _asked(profile, at=at, is_mailed=True)
        for profile in linked:
            if profile.pk not in ids:
                _asked(profile, at=at)
    return len(ids | {profile.pk for profile in linked})


@transaction.atomic
def price_list_fetch(*, uid: UUID, actor: Actor, at: datetime) -> tuple[PriceListFile, StoredFile]:
    """Hand over a file of the person's own and note who took it.

    Raises AccessDenied, PriceListFile.DoesNotExist (not there, not ready, somebody else's).
    """
    if actor.user_id is None or not actor.is_client:
        raise AccessDenied("Прайс-листы получают только люди клиента")
    files = PriceListFile.objects.visible_to(actor).select_related("file", "profile")
    row = files.get(uid=uid, file__isnull=False)
    _note(row, user_id=actor.user_id, impersonator_id=actor.impersonator_id, at=at)
    return row, cast(StoredFile, row.file)


def price_list_by_link(*, token: str, at: datetime) -> PriceListFile | None:
    """The newest file of a link, None while the first one is made; one that has grown old is made anew.

    Raises PriceListProfile.DoesNotExist: forged, revoked, or its person may not see such prices any more.
    """
    profile = profile_of_link(token)
    try:
        buyer_of(profile, on=moscow_date(at))
    except ListNotPossible as reason:
        raise PriceListProfile.DoesNotExist from reason
    newest = newest_ready(profile)
    if newest is None or newest.made_at is None or _is_stale(newest, profile, at):
        with transaction.atomic():
            _asked(PriceListProfile.objects.select_for_update().get(pk=profile.pk), at=at)
    return newest


def _is_stale(newest: PriceListFile, profile: PriceListProfile, at: datetime) -> bool:
    """Whether it has grown old, or was asked for before the list was changed."""
    made_at = newest.made_at or newest.asked_at
    return made_at < at - LINK_AGE or newest.asked_at < profile.updated_at


@transaction.atomic
def price_list_link_note(*, row: PriceListFile, at: datetime) -> None:
    """Note that the client's system took the file."""
    _note(row, user_id=None, impersonator_id=None, at=at)


def price_list_file_name(row: PriceListFile) -> str:
    """«Крепёж, 23.11.2026.xlsx»."""
    day = format_date(moscow_date(row.made_at or row.asked_at))
    return f"{row.profile.name}, {day}.{row.format}"


def _asked(profile: PriceListProfile, *, at: datetime, is_mailed: bool = False) -> PriceListFile:
    """The one that is being made, else a new one; the profile is locked.

    One that was asked for before the list was changed is given up for a new one.
    """
    queued = profile.files.filter(state=ListFileState.QUEUED).first()
    if queued is not None and queued.asked_at < profile.updated_at:
        is_mailed = is_mailed or queued.is_mailed
        queued.delete()
        queued = None
    if queued is not None and queued.asked_at > at - _LOST_AFTER:
        if is_mailed and not queued.is_mailed:
            queued.is_mailed = True
            queued.save(update_fields=["is_mailed"])
        return queued
    if queued is not None:
        _failed(queued.pk, _LOST)
    row = PriceListFile.objects.create(
        profile=profile,
        format=profile.options["format"],
        is_mailed=is_mailed,
        asked_at=max(at, profile.updated_at),  # a schedule asks as of the beginning of its hour
    )
    outbox.publish(PriceListAsked(file_id=row.pk))
    return row


def _written(row: PriceListFile, target: IO[bytes], *, at: datetime, beat: Callable[[], None]) -> int:
    """Write into the target, telling on the way how far it is."""
    buyer = buyer_of(row.profile, on=moscow_date(at))
    # The format may have been changed meanwhile: the row says which file it is.
    options = replace(ListOptions.from_json(row.profile.options), format=ListFormat(row.format))
    index = catalog_index()
    price_list = price_list_of(index, options, buyer, uid=row.uid, name=row.profile.name, at=at)
    if not price_list.listing.total:
        raise ListNotPossible("По этим условиям в городе нет ни одного товара.")
    rows = PriceListFile.objects.filter(pk=row.pk)
    rows.update(rows_total=price_list.listing.total, rows_done=0)

    def told(done: int) -> None:
        beat()
        rows.update(rows_done=done)

    return write_price_list(price_list, target, told)


def _ready(row: PriceListFile, target: IO[bytes], *, count: int, at: datetime) -> None:
    kept = PriceListFile.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if kept is None or kept.state != ListFileState.QUEUED:  # removed meanwhile, or another one was quicker
        return
    kept.file = store(
        content=target,  # type: ignore[arg-type]
        name=f"{row.profile.name}.{row.format}"[:255],
        mime=MIMES[row.format],
        source="price list",
    )
    kept.state, kept.made_at, kept.rows_total, kept.rows_done = ListFileState.READY, at, count, count
    kept.save(update_fields=["file", "state", "made_at", "rows_total", "rows_done"])
    if kept.is_mailed:
        outbox.publish(PriceListMade(file_id=kept.pk))
    done = PriceListFile.objects.filter(profile=row.profile_id).exclude(state=ListFileState.QUEUED)
    old = done.order_by("-asked_at", "-pk").values_list("pk", flat=True)[KEPT_FILES:]
    PriceListFile.objects.filter(pk__in=list(old)).delete()


def _failed(file_id: int, reason: str) -> None:
    PriceListFile.objects.filter(pk=file_id, state=ListFileState.QUEUED).update(
        state=ListFileState.FAILED, fault=reason
    )


def _note(row: PriceListFile, *, user_id: int | None, impersonator_id: int | None, at: datetime) -> None:
    PriceListDownload.objects.create(
        profile_uid=row.profile.uid,
        file_uid=row.uid,
        holding_id=row.profile.holding_id,
        user_id=user_id,
        impersonator_id=impersonator_id,
        at=at,
    )
