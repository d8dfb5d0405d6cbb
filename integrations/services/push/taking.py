"""One item after another, each in a savepoint of its own: a bad one spoils nothing."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import structlog
from django.db import DataError, IntegrityError, transaction
from pydantic import BaseModel, ValidationError

from integrations.models import PushRef, PushStream, RefState
from integrations.onec.clocks import AHEAD_TEXT, is_ahead
from integrations.onec.texts import external_key
from integrations.push.faults import faults_told, printable, signs_fault
from integrations.services.incoming.work import Work
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.streams import STREAMS
from integrations.services.push.waits import ItemWaits

_NAMES = ("ref", "contract_ref", "object_ref", "site_number")
_WRITTEN = (
    "seq", "digest", "run", "state", "reason", "payload", "wants_kind", "wants_ref", "formed_at",
    "changed_at",
)  # fmt: skip
_REF_LENGTH = 170

log = structlog.get_logger()


@dataclass(slots=True)
class Outcome:
    """What became of a batch: `counts` of unchanged, outdated and waiting; `unnamed` were rejected, too."""

    accepted: int = 0
    unnamed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rejected: list[dict[str, str]] = field(default_factory=list)


class Taking:
    """Takes items of one stream and keeps how each stands; `run` is the full export they belong to."""

    def __init__(self, work: Work, stream: PushStream, *, seq: int, run: int | None) -> None:
        self._work, self._stream, self._spec = work, stream, STREAMS[stream]
        self._seq, self._run = seq, run
        self._rows: dict[str, PushRef] = {}
        self._changed: dict[str, PushRef] = {}
        self.outcome = Outcome()

    def take(self, items: list[Any]) -> Outcome:
        """Take them in their order; the last of one ref is what stays."""
        read = [self._read(raw) for raw in items]
        refs = {ref for ref, _, _ in read}
        rows = PushRef.objects.filter(node=self._work.node, stream=self._stream, ref__in=refs)
        self._rows = {row.ref: row for row in rows}
        for ref, item, fault in read:
            if item is None:
                self._reject(ref, fault)
            else:
                self._take(ref, item)
        PushRef.objects.bulk_create(
            self._changed.values(),
            update_conflicts=True,
            unique_fields=["node", "stream", "ref"],
            update_fields=_WRITTEN,
        )
        return self.outcome

    def _read(self, raw: Any) -> tuple[str, Any, str]:
        if fault := signs_fault(raw):
            return _ref_told(raw), None, fault
        try:
            item = self._spec.item.model_validate(raw)
        except ValidationError as error:
            return _ref_told(raw), None, faults_told(error)
        if is_ahead(getattr(item, "as_of", None), at=self._work.at):
            return _ref_told(raw), None, f"as_of: {AHEAD_TEXT}"
        return str(getattr(item, "ref", ""))[:_REF_LENGTH], item, ""

    def _take(self, ref: str, item: BaseModel) -> None:
        row = self._rows.get(ref)
        digest = item_digest(item)
        if row is not None and self._seq < row.seq:
            self._count("outdated")
            self._seen(row)
            return
        if row is not None and row.digest == digest:
            row.seq = self._seq
            self._count("unchanged")
            self._seen(row)
            return
        row = row or self._new(ref)
        try:
            item_try(self._work, self._stream, item, row)
        except ItemRefused as refusal:
            self._reject(ref, str(refusal))
            return
        row.seq, row.digest = self._seq, digest
        row.formed_at = self._work.formed_at or self._work.at
        self._count("waiting" if row.state == RefState.WAITING else "taken")
        self._seen(row)

    def _reject(self, ref: str, reason: str) -> None:
        """Told to 1C; a thing taken before stays as it was taken, and any next word of it is looked at."""
        self.outcome.rejected.append({"ref": ref, "error": reason})
        if not ref:
            self.outcome.unnamed += 1
            return
        row = self._seen(self._rows.get(ref) or self._new(ref))
        row.digest, row.reason = "", reason[:300]
        self._changed[ref] = row

    def _new(self, ref: str) -> PushRef:
        work = self._work
        row = PushRef(node=work.node, stream=self._stream, ref=ref, state=RefState.REJECTED)
        row.formed_at, row.changed_at = work.formed_at or work.at, work.at
        return row

    def _seen(self, row: PushRef) -> PushRef:
        if self._run is not None:
            row.run = self._run
        self._rows[row.ref] = self._changed[row.ref] = row
        return row

    def _count(self, name: str) -> None:
        self.outcome.accepted += 1
        self.outcome.counts[name] += 1


def item_try(work: Work, stream: PushStream, item: BaseModel, row: PushRef) -> None:
    """Take an item and note in its unsaved row how it stands. Raises ItemRefused; then nothing is noted."""
    try:
        with transaction.atomic():
            STREAMS[stream].take(work, item)
    except ItemWaits as wait:
        row.state, row.reason = RefState.WAITING, str(wait)[:300]
        row.payload, row.wants_kind, row.wants_ref = item.model_dump(mode="json"), wait.kind, wait.ref
    except (DataError, IntegrityError) as error:
        log.warning("push_item_unkept", stream=stream, ref=row.ref, error=str(error))
        raise ItemRefused("Не помещается в базу портала: сообщите администратору") from error
    else:
        row.state, row.reason, row.payload, row.wants_kind, row.wants_ref = RefState.TAKEN, "", None, "", ""
    row.changed_at = work.at


def item_digest(item: BaseModel) -> str:
    """Tell content from other content, whatever the order of fields and the writing of numbers."""
    return sha256(item.model_dump_json().encode()).hexdigest()


def _ref_told(raw: Any) -> str:
    """By which id 1C may find an item that makes no sense; empty for none."""
    if not isinstance(raw, dict):
        return ""
    told = (raw[name] for name in _NAMES if isinstance(raw.get(name), str))
    return next((ref for text in told if (ref := external_key(printable(text, _REF_LENGTH)))), "")
