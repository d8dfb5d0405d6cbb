"""Asks the portal as somebody and judges each answer; what an answer wrote is taken back."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from tests.sweep.addresses import (
    GOODS,
    SKIPPED,
    Address,
    admin_path,
    every_address,
    is_object,
    kwargs_of,
    tag_of,
)
from tests.sweep.bodies import ID_FIELDS, Body, baited, body_of, narrowed
from tests.sweep.canaries import leaks, text_of
from tests.sweep.fences import NOTED, Fence, checksum, checksums, tables, writes
from tests.sweep.people import Principal, fences
from tests.sweep.world import MISSING, Corner, SweepWorld

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SAFE = frozenset({"GET", "HEAD"})
_SHORTEST_REPEATED = 6
_CLOSED = frozenset({403, 405})
_EXCHANGE = frozenset({"integrations:onec", "onec_alias"})
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SECRET = re.compile(r'(csrfmiddlewaretoken" value=|nonce=|nonce-|X-CSRFToken)\S+|[A-Za-z0-9]{32,}')


@dataclass(frozen=True)
class Question:
    """One request; `owner` is whose thing the address or the form names."""

    address: Address
    path: str
    method: str
    owner: str = ""
    data: Body = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    masked: str
    leaked: frozenset[str]
    changed: tuple[str, ...]


@dataclass
class Report:
    """What a sweep came to."""

    requests: int = 0
    leaks: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    oracles: list[str] = field(default_factory=list)
    owner_asked: int = 0
    owner_refused: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    flagged: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def summary(self) -> str:
        shown = self.owner_asked - len(self.owner_refused)
        return (
            f"requests {self.requests}, addresses {len(self.visited)}, leaks {len(self.leaks)}, "
            f"changed rows {len(self.changes)}, errors {len(self.errors)}, "
            f"foreign unlike missing {len(self.oracles)}, owners answered {shown} of {self.owner_asked}"
        )


class Walker:
    """One principal in the world."""

    def __init__(self, world: SweepWorld, principal: Principal, report: Report) -> None:
        self.world, self.principal, self.report = world, principal, report
        self.client: Client = principal.client(world)
        self.cookies = self.client.cookies.copy()
        known = fences(world)
        self.fences: list[Fence] = [known[name] for name in sorted(principal.may_not_touch)]
        self.before = checksums(self.fences)
        self.written = writes()
        self.employees = _privileged()
        self.is_sample = False

    def ask(self, question: Question) -> Answer:
        """Send it in a savepoint that is rolled back; count leaks, changes and failures."""
        self.report.requests += 1
        self.report.visited.add(question.address.name)
        self.client.cookies = self.cookies.copy()
        cache.clear()
        with transaction.atomic():
            response = self.client.generic(question.method, question.path, **self._sent(question))
            text = _unsaid(text_of(response), question.data)
            changed = tuple(self._changed())
            transaction.set_rollback(True)
        self.client.cookies = self.cookies.copy()
        may_see = self.principal.may_see
        found = frozenset(leaks(text, self.world.literals, may_see))
        if question.address.name in _EXCHANGE and self.principal.name == "1C":
            found = frozenset()
        answer = Answer(response.status_code, masked(text), found, changed)
        self._note(question, answer)
        return answer

    def _sent(self, question: Question) -> dict[str, object]:
        if question.method in _SAFE:
            return {"QUERY_STRING": _query(question.data)}
        return {"data": _query(question.data), "content_type": "application/x-www-form-urlencoded"}

    def _changed(self) -> Iterator[str]:
        """Rows behind the fences that are not as before, and people who were given more than they had."""
        now = writes()
        touched = [table for table, count in now.items() if count != self.written.get(table, 0)]
        self.written = now
        for table in touched:
            if table not in tables() or table in NOTED:
                continue
            for fence in self.fences:
                if checksum(table, fence) != self.before[fence.name, table]:
                    yield f"{fence.name}: {table}"
        if User._meta.db_table in touched and _privileged() != self.employees:
            yield "privileges"

    def _note(self, question: Question, answer: Answer) -> None:
        where = (
            f"{self.principal.name}: {question.method} {question.address.name} of {question.owner}"
            f" {question.note} -> {answer.status}"
        )
        if answer.status >= 500:
            self.report.errors.append(where)
        if answer.leaked:
            self.report.leaks.append(f"{where} {sorted(answer.leaked)}")
        if answer.changed:
            self.report.changes.append(f"{where} {answer.changed}")
        if answer.leaked or answer.changed:
            self.report.flagged[question.address.name].add(self.principal.name)

    # --- whole walks --------------------------------------------------------------------------------
    def walk(self, methods: tuple[str, ...], *, is_sample: bool) -> None:
        """Every address with every owner's thing; then forms, filters and mixed addresses.

        A sample asks the admin's pages as an employee only and sends foreign ids all at once.
        """
        self.is_sample = is_sample
        for address in every_address():
            if address.name in SKIPPED:
                continue
            if address.is_admin:
                if not is_sample or self.principal.name == "manager":
                    self._plain(address, admin_path(address), methods)
            elif not address.parameters or address.name in GOODS:
                path = reverse(address.name, kwargs=kwargs_of(address, MISSING, self.world.goods))
                self._plain(address, path, methods)
            else:
                self.things(address, methods)

    def _plain(self, address: Address, path: str, methods: tuple[str, ...]) -> None:
        """An address that names nobody's thing: with and without somebody's ids in form and filter."""
        answers = {method: self.ask(Question(address, path, method)) for method in methods}
        if address.is_admin:
            return
        if answers["GET"].status == 200:
            self._lists(address, path)
        if answers["POST"].status not in _CLOSED:
            self._forms(address, path)

    def things(self, address: Address, methods: tuple[str, ...]) -> None:
        """An address that names a thing: everybody's, and one that does not exist."""
        closed = {}
        for method in methods:
            missing = self.ask(self._question(address, MISSING, method))
            closed[method] = missing.status in _CLOSED
            for corner in self.world.corners.values():
                question = self._question(address, corner, method)
                answer = self.ask(question)
                if not is_object(address):
                    continue
                if tag_of(address, corner) in self.principal.may_see:
                    self._control(question, answer, corner)
                elif (answer.status, answer.masked) != (missing.status, missing.masked):
                    self._oracle(question, answer, missing)
        if is_object(address) and self.principal.home in self.world.corners and not closed["POST"]:
            home = self.world.corners[self.principal.home]
            self._forms(address, self._path(address, home))
            self._mixed(address, home)

    def _control(self, question: Question, answer: Answer, corner: Corner) -> None:
        """The owner's own thing opens; a page that his role does not have says 403 for all alike."""
        if question.method != "GET" or corner.key != self.principal.home or answer.status in {403, 405}:
            return
        self.report.owner_asked += 1
        if answer.status not in {200, 302}:
            self.report.owner_refused.append(f"{self.principal.name}: {question.address.name}")

    def _oracle(self, question: Question, answer: Answer, missing: Answer) -> None:
        self.report.flagged[question.address.name].add(self.principal.name)
        self.report.oracles.append(
            f"{self.principal.name}: {question.method} {question.address.name} of {question.owner}:"
            f" {answer.status}, missing {missing.status}{_difference(answer.masked, missing.masked)}"
        )

    def _question(self, address: Address, corner: Corner, method: str) -> Question:
        data = {} if method in _SAFE else body_of(address.name, corner, self.world.goods)
        return Question(address, self._path(address, corner), method, corner.key, data)

    def _path(self, address: Address, corner: Corner) -> str:
        return reverse(address.name, kwargs=kwargs_of(address, corner, self.world.goods))

    def _forms(self, address: Address, path: str) -> None:
        """One's own address and form with somebody else's ids: all at once, then one by one."""
        home = self.world.corners.get(self.principal.home, MISSING)
        own = body_of(address.name, home, self.world.goods)
        self.ask(Question(address, path, "POST", home.key, own, "own form"))
        for corner in self._others():
            foreign = body_of(address.name, corner, self.world.goods)
            self.ask(Question(address, path, "POST", corner.key, foreign, "foreign form"))
            if self.is_sample or corner.key not in self._strangers():
                continue
            for name in ID_FIELDS:
                data = own | {name: foreign[name]}
                self.ask(Question(address, path, "POST", corner.key, data, f"foreign {name}"))

    def _strangers(self) -> set[str]:
        """One corner of another client and, for a client's person, one of the other legal entity."""
        other = "b1e1" if self.principal.home.startswith("a") else "a1e1"
        return {other, "a2e3"} if self.principal.home == "a1e1" else {other}

    def _mixed(self, address: Address, home: Corner) -> None:
        """Own first number with a foreign second one, and the other way round."""
        if len(address.parameters) < 2 or "stage" in address.parameters:
            return
        for corner in self._others():
            own = kwargs_of(address, home, self.world.goods)
            foreign = kwargs_of(address, corner, self.world.goods)
            first = address.parameters[0]
            for kwargs in (
                own | {key: foreign[key] for key in own if key != first},
                own | {first: foreign[first]},
            ):
                for method in ("GET", "POST"):
                    data = {} if method == "GET" else body_of(address.name, home, self.world.goods)
                    path = reverse(address.name, kwargs=kwargs)
                    self.ask(Question(address, path, method, corner.key, data, "mixed numbers"))

    def _lists(self, address: Address, path: str) -> None:
        """Filters, sorting and search by what is somebody else's: nothing more than for what is nowhere."""
        nowhere = self.ask(Question(address, path, "GET", "missing", dict(baited("missing")), "search"))
        for corner in self._others():
            self.ask(Question(address, path, "GET", corner.key, narrowed(corner), "filters"))
            kinds = {corner.entity, f"{corner.key}order", f"{corner.key}person", f"{corner.holding}people"}
            tags = sorted(kinds - self.principal.may_see)
            for tag in tags[:1] if self.is_sample else tags:
                question = Question(address, path, "GET", corner.key, dict(baited(tag)), f"search {tag}")
                answer = self.ask(question)
                if answer.masked != nowhere.masked:
                    self._oracle(question, answer, nowhere)

    def _others(self) -> list[Corner]:
        """Corners that are not one's own; in a sample the farthest stranger's only."""
        corners = self.world.corners
        if self.is_sample:
            return [corners["a1e1" if self.principal.home.startswith("b") else "b1e1"]]
        return [corner for key, corner in corners.items() if key != self.principal.home]


def masked(text: str) -> str:
    """An answer without what differs from one to the next: secrets, ids, numbers."""
    return re.sub(r"\d+", "#", _SECRET.sub("#", _UUID.sub("#", text)))


def _difference(one: str, other: str) -> str:
    """Where two answers part, for the report."""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return (
        f" {one[max(at - 30, 0) : at + 40]!r} / {other[max(at - 30, 0) : at + 40]!r}" if one != other else ""
    )


def _unsaid(text: str, data: Body) -> str:
    """An answer without what the question itself said: pages repeat what was typed."""
    for value in data.values():
        if isinstance(value, str) and len(value) >= _SHORTEST_REPEATED:
            text = text.replace(value, "")
    return text


def _query(data: Body) -> str:
    return urlencode(data, doseq=True)


def _privileged() -> tuple[tuple[int, bool, bool], ...]:
    return tuple(User.objects.order_by("pk").values_list("pk", "is_staff", "is_superuser"))
