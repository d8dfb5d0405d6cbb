"""Sends one request as somebody and judges the answer; what the request wrote is taken back."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import User
from accounts.sessions import ABSOLUTE_LIMIT
from tests.sweep.addresses import Address
from tests.sweep.bodies import Body
from tests.sweep.canaries import leaks, text_of
from tests.sweep.fences import NOTED, Fence, checksum, checksums, tables, writes
from tests.sweep.masking import masked, unsaid
from tests.sweep.people import Principal, fences
from tests.sweep.world import SweepWorld

SAFE = frozenset({"GET", "HEAD"})
_EXCHANGE = frozenset({"integrations:onec", "onec_alias"})
_WRITING = re.compile(r"\b(insert|update|delete|truncate|merge|copy)\b", re.IGNORECASE)


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
    opened: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    """Addresses that answered about a stranger otherwise than about nobody."""

    def summary(self) -> str:
        shown = self.owner_asked - len(self.owner_refused)
        return (
            f"requests {self.requests}, addresses {len(self.visited)}, leaks {len(self.leaks)}, "
            f"changed rows {len(self.changes)}, errors {len(self.errors)}, "
            f"foreign unlike missing {len(self.oracles)}, owners answered {shown} of {self.owner_asked}, "
            f"object addresses opened by an owner {len(self.opened)}"
        )


class Asker:
    """One principal in the world, with his browser."""

    def __init__(self, world: SweepWorld, principal: Principal, report: Report) -> None:
        self.world, self.principal, self.report = world, principal, report
        self.client: Client = principal.client(world)
        self._stay_fresh()
        self.cookies = self.client.cookies.copy()
        known = fences(world)
        self.fences: list[Fence] = [known[name] for name in sorted(principal.may_not_touch)]
        self.before = checksums(self.fences)
        self.written = writes()
        self.employees = _privileged()

    def ask(self, question: Question) -> Answer:
        """Send it in a savepoint that is rolled back; count leaks, changes and failures."""
        self.report.requests += 1
        self.report.visited.add(question.address.name)
        self.client.cookies = self.cookies.copy()
        cache.clear()
        pen = _Pen()
        with transaction.atomic(), connection.execute_wrapper(pen):
            response = self.client.generic(question.method, question.path, **_sent(question))
            text = unsaid(text_of(response), question.data)
            changed = tuple(self._changed()) if pen.has_written else ()
            transaction.set_rollback(True)
        self.client.cookies = self.cookies.copy()
        found = frozenset(leaks(text, self.world.literals, self.principal.may_see))
        if question.address.name in _EXCHANGE and self.principal.name == "1C":
            found = frozenset()  # 1C is the master of all clients
        answer = Answer(response.status_code, masked(text), found, changed)
        self._note(question, answer)
        return answer

    def _stay_fresh(self) -> None:
        """Keep the session from noting each minute that its person is there: an answer would differ by it."""
        if "sessionid" in self.client.cookies:
            session = self.client.session
            session["seen_at"] = (timezone.now() + ABSOLUTE_LIMIT).timestamp()
            session.save()

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


class _Pen:
    """Hears every statement and remembers whether one of them may have written."""

    def __init__(self) -> None:
        self.has_written = False

    def __call__(self, execute: Callable[..., Any], sql: object, *rest: Any) -> Any:
        self.has_written = self.has_written or _WRITING.search(str(sql)) is not None
        return execute(sql, *rest)


def _sent(question: Question) -> dict[str, object]:
    if any(isinstance(value, SimpleUploadedFile) for value in question.data.values()):
        return {"data": encode_multipart(BOUNDARY, question.data), "content_type": MULTIPART_CONTENT}
    query = urlencode(question.data, doseq=True)
    if question.method in SAFE:
        return {"QUERY_STRING": query}
    return {"data": query, "content_type": "application/x-www-form-urlencoded"}


def _privileged() -> tuple[tuple[int, bool, bool], ...]:
    return tuple(User.objects.order_by("pk").values_list("pk", "is_staff", "is_superuser"))
