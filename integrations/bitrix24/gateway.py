"""Bitrix24 as `integrations.crm.gateways.CrmGateway`: finds before it adds, fifty commands at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from integrations.bitrix24.drafts import ORIGINATOR, draft_of
from integrations.bitrix24.wire import BitrixWire
from integrations.crm.gateways import Card, CrmRefused, CrmTired, CrmUnavailable, Draft, Outcome, Work
from integrations.crm.things import Thing

_COMMANDS = 50
_PAGE = 50
_TITLES = {"company": "crm.company", "contact": "crm.contact", "deal": "crm.deal"}
_GONE = ("not found", "не найден")
_COMPANY_OWNER = 4
"""The number of companies where requisites name their owner."""

Words = Callable[[Thing], tuple[str, str]]
"""Whom the CRM is to make responsible and which segment it is to write; empty: it decides itself."""


class _Place(str):
    """The result of an earlier command of the same batch: goes as it is, what people typed never does."""

    __slots__ = ()


class BitrixGateway:
    """One account of Bitrix24."""

    portion = 20  # a work takes two commands at most, and a batch fifty of them

    def __init__(self, *, wire: BitrixWire, mapping: Mapping[str, Any], words: Words) -> None:
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
        """Two batches: what of it is there already, then additions and changes."""
        found = self._found([work for work in works if not work.is_settled], taken)
        commands: dict[str, str] = {}
        for work in works:
            commands |= self._commands(work, *found.get(work.number, ("", False)))
        done, errors, times = self._batch(commands)
        return [self._outcome(work, found, done, errors, times) for work in works]

    def read(self, kind: str, external_id: str) -> Card | None:
        try:
            told = self._wire.call(f"{_TITLES[kind]}.get", {"id": external_id})
        except CrmRefused as refusal:
            if _is_gone(str(refusal)):
                return None
            raise
        values = told.get("result")
        return self._card(kind, values) if isinstance(values, dict) else None

    def changed(self, kind: str, since: datetime) -> Iterator[Card]:
        last = "0"
        while True:
            told = self._wire.call(
                f"{_TITLES[kind]}.list",
                {
                    "filter": {">DATE_MODIFY": since.isoformat(), ">ID": last},
                    "order": {"ID": "ASC"},
                    "select": ["*", "UF_*"],
                    "start": -1,
                },
            )
            rows = [row for row in _listed(told.get("result")) if isinstance(row, dict)]
            yield from (self._card(kind, row) for row in rows)
            if len(rows) < _PAGE:
                return
            last = str(rows[-1]["ID"])

    def check(self) -> str:
        told = self._wire.call("profile", {}).get("result")
        person = told if isinstance(told, dict) else {}
        return f"{person.get('NAME', '')} {person.get('LAST_NAME', '')}".strip() or "?"

    def _card(self, kind: str, values: Mapping[str, Any]) -> Card:
        field = str(self._mapping.get("segment_field", ""))
        moment = str(values.get("DATE_MODIFY") or "")
        return Card(
            kind=kind,
            external_id=str(values.get("ID", "")),
            values=values,
            manager=str(values.get("ASSIGNED_BY_ID") or ""),
            segment=str(values.get(field) or "") if field else "",
            changed_at=_moment(moment),
        )

    def _found(self, works: Sequence[Work], taken: frozenset[str]) -> dict[int, tuple[str, bool]]:
        """Numbers of cards that are there already, and whether their requisites are."""
        commands: dict[str, str] = {}
        for work in works:
            draft = work.draft
            origin = {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": draft.origin}
            if not work.external_id:
                commands[f"o{work.number}"] = _command(
                    f"{_TITLES[draft.kind]}.list",
                    {"filter": origin, "select": ["ID"], "order": {"ID": "ASC"}},
                )
            if draft.inn:
                asked = {"RQ_INN": draft.inn, "ENTITY_TYPE_ID": _COMPANY_OWNER}
                if draft.kpp:
                    asked["RQ_KPP"] = draft.kpp
                commands[f"q{work.number}"] = _command(
                    "crm.requisite.list", {"filter": asked, "select": ["ID", "ENTITY_ID"]}
                )
        done, errors, times = self._batch(commands)
        self._require_no_rest(errors, times)
        if errors:  # what could not be looked for must not be added
            raise CrmUnavailable(f"search: {next(iter(errors.values()))}"[:200])
        matches: dict[int, tuple[str, bool]] = {}
        for work in works:
            matches[work.number] = match = _match(work, done, taken)
            taken |= {match[0]}
        return matches

    def _commands(self, work: Work, found: str, has_requisites: bool) -> dict[str, str]:
        draft, number = work.draft, work.number
        method, external_id = _TITLES[draft.kind], work.external_id or found
        origin = {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": draft.origin}
        if external_id:
            fields = {**draft.fields, **({} if work.external_id else origin)}
            commands = {f"c{number}": _command(f"{method}.update", {"id": external_id, "fields": fields})}
        else:
            fields = {**draft.fresh, **draft.fields, **origin}
            commands = {f"c{number}": _command(f"{method}.add", {"fields": fields})}
        place = external_id or _Place(f"$result[c{number}]")
        if draft.kind == "deal" and (draft.rows or work.is_settled):
            rows = [dict(row) for row in draft.rows]
            commands[f"r{number}"] = _command(f"{method}.productrows.set", {"id": place, "rows": rows})
        if draft.inn and not work.is_settled and not has_requisites:
            commands[f"r{number}"] = _command("crm.requisite.add", {"fields": self._requisites(draft, place)})
        return commands

    def _requisites(self, draft: Draft, place: str) -> dict[str, Any]:
        return {
            "ENTITY_TYPE_ID": _COMPANY_OWNER,
            "ENTITY_ID": place,
            "PRESET_ID": self._mapping.get("preset", 1),
            "NAME": draft.name,
            "RQ_INN": draft.inn,
            "RQ_KPP": draft.kpp,
            "RQ_OGRN": draft.ogrn,
        }

    def _batch(self, commands: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
        """Run commands, fifty in a request; results, errors and times by name."""
        done: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        times: dict[str, Any] = {}
        names = list(commands)
        for start in range(0, len(names), _COMMANDS):
            portion = {name: commands[name] for name in names[start : start + _COMMANDS]}
            told = self._wire.call("batch", {"halt": 0, "cmd": portion}).get("result")
            if not isinstance(told, dict):
                raise CrmUnavailable("malformed batch")
            done |= _named(told.get("result"))
            errors |= _named(told.get("result_error"))
            times |= _named(told.get("result_time"))
        return done, errors, times

    def _outcome(
        self,
        work: Work,
        found: Mapping[int, tuple[str, bool]],
        done: Mapping[str, Any],
        errors: Mapping[str, Any],
        times: Mapping[str, Any],
    ) -> Outcome:
        main, beside = f"c{work.number}", f"r{work.number}"
        known = work.external_id or found.get(work.number, ("", False))[0]
        if main in errors or main not in done:
            reason, is_final = self._reason(errors.get(main), times.get(main), work.draft.kind)
            is_gone = bool(known) and _is_gone(reason)
            return Outcome(
                work.number,
                external_id=known,
                error=reason,
                is_final=is_final and not is_gone,
                is_gone=is_gone,
            )
        external_id = known or str(done[main])
        if beside in errors:
            reason, is_final = self._reason(errors[beside], times.get(beside), work.draft.kind)
            return Outcome(work.number, external_id=external_id, error=reason, is_final=is_final)
        return Outcome(work.number, external_id=external_id)

    def _reason(self, told: Any, times: Any, kind: str) -> tuple[str, bool]:
        """What a command was refused for, and whether for good."""
        error = told if isinstance(told, dict) else {}
        code = str(error.get("error", "")) or "NO_ANSWER"
        if code == "OPERATION_TIME_LIMIT":
            self._wire.rest_of("batch", {"time": times})
        is_passing = code in {"OPERATION_TIME_LIMIT", "QUERY_LIMIT_EXCEEDED", "NO_ANSWER", "OVERLOAD_LIMIT",
                              "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"}  # fmt: skip
        return f"{code}: {error.get('error_description', '')}"[:280], not is_passing

    def _require_no_rest(self, errors: Mapping[str, Any], times: Mapping[str, Any]) -> None:
        for name, told in errors.items():
            if isinstance(told, dict) and told.get("error") in {
                "OPERATION_TIME_LIMIT",
                "QUERY_LIMIT_EXCEEDED",
            }:
                seconds = self._wire.rest_of("batch", {"time": times.get(name)})
                raise CrmTired(seconds, str(told["error"]))


def _match(work: Work, done: Mapping[str, Any], taken: frozenset[str]) -> tuple[str, bool]:
    """A card of ours by its origin, else one with the same ИНН that is nobody's yet."""
    owners = [str(row["ENTITY_ID"]) for row in _listed(done.get(f"q{work.number}")) if isinstance(row, dict)]
    mine = [str(row["ID"]) for row in _listed(done.get(f"o{work.number}")) if isinstance(row, dict)]
    if work.external_id or mine:
        external_id = work.external_id or mine[0]
        return external_id, external_id in owners
    free = sorted((owner for owner in owners if owner not in taken), key=int)
    return (free[0], True) if free else ("", False)


def _command(method: str, parameters: Mapping[str, Any]) -> str:
    """A command of a batch: the method with its parameters as PHP reads them from a query."""
    pairs = (
        f"{quote(name)}={value if isinstance(value, _Place) else quote(value, safe='')}"
        for name, value in _flat(parameters, "")
    )
    return f"{method}?{'&'.join(pairs)}"


def _flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{name}[{place}]")
    else:
        yield name, value if isinstance(value, str) else "" if value is None else str(value)


def _listed(value: Any) -> list[Any]:
    """A list of results; PHP writes one with gaps as an object."""
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _named(value: Any) -> dict[str, Any]:
    """Results by name; PHP writes an empty object as a list."""
    return value if isinstance(value, dict) else {}


def _is_gone(reason: str) -> bool:
    return any(word in reason.lower() for word in _GONE)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
