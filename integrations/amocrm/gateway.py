"""amoCRM as `integrations.crm.gateways.CrmGateway`: finds by a field of our own, writes arrays of fifty."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from integrations.amocrm.drafts import CUSTOM, body_of, draft_of, values_of
from integrations.amocrm.wire import AmoWire, ArrayRefused
from integrations.crm.gateways import DIGEST_LENGTH, Card, CrmRefused, Draft, Outcome, Work
from integrations.crm.things import Thing

_PATHS = {"company": "companies", "contact": "contacts", "deal": "leads"}
_PAGE = 250

Words = Callable[[Thing], tuple[str, str]]


class AmoGateway:
    """One account of amoCRM. A search is a request for each new card, so portions are small."""

    portion = 20

    def __init__(self, *, wire: AmoWire, mapping: Mapping[str, Any], words: Words) -> None:
        self._wire = wire
        self._mapping = mapping
        self._words = words

    def draft(self, thing: Thing, *, company_id: str, contact_id: str) -> Draft:
        assigned, segment = self._words(thing)
        return draft_of(
            thing,
            mapping=self._mapping,
            assigned=assigned,
            segment=segment,
            company_id=company_id,
            contact_id=contact_id,
        )

    def write(self, works: Sequence[Work], *, taken: frozenset[str]) -> list[Outcome]:
        """Search for what has no number yet, then one array of new cards and one of changes."""
        known: dict[int, str] = {work.number: work.external_id for work in works if work.external_id}
        for work in works:
            if not work.external_id and (found := self._found(work.draft, taken)):
                known[work.number] = found
                taken |= {found}
        fresh = [work for work in works if work.number not in known]
        old = [work for work in works if work.number in known]
        outcomes = self._written(fresh, known, is_new=True) + self._written(old, known, is_new=False)
        return [self._noted(work, one) for one, work in _paired(outcomes, works)]

    def read(self, kind: str, external_id: str) -> Card | None:
        try:
            told = self._wire.call("GET", f"{_PATHS[kind]}/{int(external_id)}")
        except CrmRefused as refusal:
            if str(refusal).startswith("404"):
                return None
            raise
        return self._card(kind, told) if told else None

    def changed(self, kind: str, since: datetime) -> Iterator[Card]:
        page = 1
        while True:
            told = self._wire.call(
                "GET",
                _PATHS[kind],
                query={
                    "filter[updated_at][from]": int(since.timestamp()),
                    "order[id]": "asc",
                    "limit": _PAGE,
                    "page": page,
                },
            )
            rows = _embedded(told, _PATHS[kind])
            yield from (self._card(kind, row) for row in rows)
            if len(rows) < _PAGE:
                return
            page += 1

    def check(self) -> str:
        return str(self._wire.call("GET", "account").get("name", "?"))

    def _card(self, kind: str, told: Mapping[str, Any]) -> Card:
        values = values_of(told)
        field = self._mapping.get("segment_field")
        moment = told.get("updated_at")
        return Card(
            kind=kind,
            external_id=str(told.get("id", "")),
            values=values,
            manager=str(values.get("responsible_user_id") or ""),
            segment=str(values.get(f"{CUSTOM}{field}") or "") if field else "",
            changed_at=datetime.fromtimestamp(moment, UTC) if isinstance(moment, int) else None,
        )

    def _found(self, draft: Draft, taken: frozenset[str]) -> str:
        """The number of a card with our origin; the search finds words anywhere, so the field decides.

        A company that people have made is found by its ИНН in a field that the mapping names.
        """
        reference = f"{CUSTOM}{self._mapping['reference_fields'][draft.kind]}"
        mine = [
            pk
            for pk, values in self._search(draft.kind, draft.origin)
            if _is(values, reference, draft.origin)
        ]
        if mine or not draft.inn:
            return min(mine, key=int, default="")
        named = self._mapping.get("fields", {}).get("company", {})
        fields = [f"{CUSTOM}{name}" for name, source in named.items() if source == "inn"]
        theirs = [
            pk
            for pk, values in (self._search(draft.kind, draft.inn) if fields else [])
            if pk not in taken
            and not values.get(reference)
            and any(_is(values, one, draft.inn) for one in fields)
        ]
        return min(theirs, key=int, default="")

    def _search(self, kind: str, text: str) -> list[tuple[str, dict[str, Any]]]:
        told = self._wire.call("GET", _PATHS[kind], query={"query": text, "limit": _PAGE})
        return [(str(row["id"]), values_of(row)) for row in _embedded(told, _PATHS[kind])]

    def _written(self, works: Sequence[Work], known: Mapping[int, str], *, is_new: bool) -> list[Outcome]:
        """One array. If some of it is refused nothing was written: those are left out and the rest goes."""
        if not works:
            return []
        kind = works[0].draft.kind
        bodies = []
        for work in works:
            field = self._mapping["reference_fields"][kind]
            body = body_of(work.draft, reference_field=field, number=work.number, is_new=is_new)
            bodies.append(body if is_new else body | {"id": int(known[work.number])})
        is_complex = is_new and kind == "deal"
        path = f"{_PATHS[kind]}/complex" if is_complex else _PATHS[kind]
        try:
            told: Any = self._wire.call("POST" if is_new else "PATCH", path, body=bodies)
        except ArrayRefused as refusal:
            return self._without(works, refusal.reasons, known, is_new)
        except CrmRefused as refusal:
            if len(works) > 1:  # which of them it was is found one by one
                return [one for work in works for one in self._written([work], known, is_new=is_new)]
            is_gone = not is_new and str(refusal).startswith("404")
            return [
                Outcome(
                    works[0].number,
                    known.get(works[0].number, ""),
                    str(refusal),
                    not is_gone,
                    is_gone=is_gone,
                )
            ]
        numbers = _numbers(told, _PATHS[kind]) | dict(known)
        return [
            Outcome(work.number, numbers[work.number])
            if work.number in numbers
            else Outcome(work.number, error="в ответе нет номера карточки", is_doubtful=True)
            for work in works
        ]

    def _without(
        self, works: Sequence[Work], reasons: Mapping[str, str], known: Mapping[int, str], is_new: bool
    ) -> list[Outcome]:
        bad = [work for work in works if str(work.number) in reasons]
        good = [work for work in works if str(work.number) not in reasons]
        refused = [
            Outcome(work.number, known.get(work.number, ""), reasons[str(work.number)], is_final=True)
            for work in bad or works
        ]
        return refused + (self._written(good, known, is_new=is_new) if bad else [])

    def _noted(self, work: Work, outcome: Outcome) -> Outcome:
        """Write what is in the order as a note of the lead, once for each composition."""
        is_same = work.former[DIGEST_LENGTH:] == work.draft.digest[DIGEST_LENGTH:]
        if outcome.error or not work.draft.rows or is_same:
            return outcome
        text = work.draft.rows[0]["text"]
        path = f"leads/{outcome.external_id}/notes"
        try:
            notes = _embedded(self._wire.call("GET", path, query={"limit": _PAGE}), "notes")
            if not any(_params(note).get("text") == text for note in notes):
                self._wire.call("POST", path, body=[{"note_type": "common", "params": {"text": text}}])
        except CrmRefused as refusal:
            return replace(outcome, error=str(refusal), is_final=True)
        return outcome


def _paired(outcomes: Sequence[Outcome], works: Sequence[Work]) -> list[tuple[Outcome, Work]]:
    by_number = {work.number: work for work in works}
    return [(one, by_number[one.number]) for one in outcomes]


def _embedded(told: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    inner = told.get("_embedded")
    rows = inner.get(name) if isinstance(inner, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _numbers(told: Any, name: str) -> dict[int, str]:
    """Numbers of new cards by ours; `complex` answers with a plain array."""
    rows = told.get("rows", _embedded(told, name)) if isinstance(told, dict) else []
    found: dict[int, str] = {}
    for row in rows:
        number = row.get("request_id")
        number = number[0] if isinstance(number, list) and number else number
        if str(number).isdigit() and "id" in row:
            found[int(str(number))] = str(row["id"])
    return found


def _params(note: Mapping[str, Any]) -> Mapping[str, Any]:
    params = note.get("params")
    return params if isinstance(params, dict) else {}


def _is(values: Mapping[str, Any], name: str, value: str) -> bool:
    return str(values.get(name) or "") == value
