"""Walks over all addresses as somebody: everybody's things, forms with foreign ids, filters."""

from django.urls import reverse

from tests.sweep.addresses import (
    GOODS,
    SKIPPED,
    Address,
    admin_path,
    every_address,
    is_object,
    is_of_nobody,
    kwargs_of,
    tag_of,
)
from tests.sweep.asking import SAFE, Answer, Asker, Question, Report
from tests.sweep.bodies import ID_FIELDS, baited, body_of, narrowed
from tests.sweep.masking import difference
from tests.sweep.people import ALIKE, Principal
from tests.sweep.things import MISSING, Corner
from tests.sweep.world import SweepWorld

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_CLOSED = frozenset({403, 405})
_NO_SUCH_METHOD = 405
_FORBIDDEN = 403
_FOUND = frozenset({200, 302})


class Walker(Asker):
    """One principal on his way through the portal.

    A sample asks about one's own things, those of the nearest and of the farthest stranger, and such as
    do not exist; behind a closed door only about the farthest's, and of one's own things it changes only such
    as no owner has changed yet. It reads the admin's pages as an employee only, asks pages of nobody's things
    as one of each kind of people, sends foreign ids all at once, and leaves out filters of goods.
    A method that an address does not have is asked about one stranger's thing, and in a sample about none;
    the admin's pages, which have one door for all, are asked with two methods.
    """

    def __init__(self, world: SweepWorld, principal: Principal, report: Report, *, is_sample: bool) -> None:
        super().__init__(world, principal, report)
        self.is_sample = is_sample

    def walk(self, methods: tuple[str, ...]) -> None:
        """Every address with every owner's thing; then forms, filters and mixed addresses."""
        for address in every_address():
            if address.name in SKIPPED:
                continue
            if address.is_admin:
                if not self.is_sample:
                    self._plain(address, admin_path(address), ("GET", "POST"))
                elif self.principal.name == "manager":
                    self._plain(address, admin_path(address), ("GET",))
            elif not address.parameters or address.name in GOODS:
                if self.is_sample and self.principal.name in ALIKE:
                    continue
                path = reverse(address.name, kwargs=kwargs_of(address, MISSING, self.world.goods))
                self._plain(address, path, methods)
            else:
                closed = self.things(address, methods)
                home = self._home()
                if is_object(address) and home is not None and "POST" not in closed:
                    self._foreign_forms(address, self._path(address, home))
                    self._mixed(address, home)

    def _plain(self, address: Address, path: str, methods: tuple[str, ...]) -> None:
        """An address that names nobody's thing: with and without somebody's ids in form and filter."""
        answers = {method: self.ask(Question(address, path, method)) for method in methods}
        if address.is_admin:
            return
        if answers["GET"].status == 200 and not (self.is_sample and is_of_nobody(address)):
            self._lists(address, path)
        if answers["POST"].status not in _CLOSED:
            if not self.is_sample:
                home = self._home() or MISSING
                own = body_of(address.name, home, self.world.goods)
                self.ask(Question(address, path, "POST", home.key, own, "own form"))
            self._foreign_forms(address, path)

    def things(self, address: Address, methods: tuple[str, ...]) -> set[str]:
        """An address that names a thing: everybody's, and one that does not exist; gives closed methods."""
        closed = set()
        for method in methods:
            missing = self.ask(self._question(address, MISSING, method))
            if missing.status in _CLOSED:
                closed.add(method)
            for corner in self._owners(missing.status):
                is_own = corner.key == self.principal.home
                if self.is_sample and is_own and method not in SAFE and address.name in self.report.opened:
                    continue
                question = self._question(address, corner, method)
                answer = self.ask(question)
                if not is_object(address):
                    continue
                if tag_of(address, corner) in self.principal.may_see:
                    self._control(question, answer, corner)
                elif (answer.status, answer.masked) != (missing.status, missing.masked):
                    self._oracle(question, answer, missing)
        return closed

    def _control(self, question: Question, answer: Answer, corner: Corner) -> None:
        """The owner's own thing opens; a page that his role does not have says 403 for all alike."""
        if answer.status in _FOUND:
            self.report.opened.add(question.address.name)
        if question.method != "GET" or corner.key != self.principal.home or answer.status in _CLOSED:
            return
        self.report.owner_asked += 1
        if answer.status not in _FOUND:
            self.report.owner_refused.append(f"{self.principal.name}: {question.address.name}")

    def _oracle(self, question: Question, answer: Answer, missing: Answer) -> None:
        self.report.told.add(question.address.name)
        self.report.oracles.append(
            f"{self.principal.name}: {question.method} {question.address.name} of {question.owner}:"
            f" {answer.status}, missing {missing.status}{difference(answer.masked, missing.masked)}"
        )

    def _question(self, address: Address, corner: Corner, method: str) -> Question:
        data = {} if method in SAFE else body_of(address.name, corner, self.world.goods)
        return Question(address, self._path(address, corner), method, corner.key, data)

    def _path(self, address: Address, corner: Corner) -> str:
        return reverse(address.name, kwargs=kwargs_of(address, corner, self.world.goods))

    def _foreign_forms(self, address: Address, path: str) -> None:
        """One's own address with somebody else's ids in the form: all at once, then one by one."""
        own = body_of(address.name, self._home() or MISSING, self.world.goods)
        for corner in self._others():
            foreign = body_of(address.name, corner, self.world.goods)
            self.ask(Question(address, path, "POST", corner.key, foreign, "foreign form"))
            if self.is_sample or corner.key not in self._strangers():
                continue
            for name in ID_FIELDS:
                data = own | {name: foreign[name]}
                self.ask(Question(address, path, "POST", corner.key, data, f"foreign {name}"))

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

    # --- whose things ---------------------------------------------------------------------------------
    def _home(self) -> Corner | None:
        return self.world.corners.get(self.principal.home)

    def _farthest(self) -> str:
        """A corner of the other client."""
        return "a1e1" if self.principal.home.startswith("b") else "b1e1"

    def _strangers(self) -> set[str]:
        """One corner of another client and, for a client's person, one of the other legal entity."""
        return {self._farthest(), "a2e3"} if self.principal.home == "a1e1" else {self._farthest()}

    def _others(self) -> list[Corner]:
        """Corners that are not one's own; in a sample the farthest stranger's only."""
        if self.is_sample:
            return [self.world.corners[self._farthest()]]
        return [corner for key, corner in self.world.corners.items() if key != self.principal.home]

    def _owners(self, of_missing: int) -> list[Corner]:
        """Everybody; in a sample oneself, the nearest one whose things one may not see, and the farthest.

        `of_missing` is how the address answers about a thing that does not exist.
        """
        farthest = self.world.corners[self._farthest()]
        if of_missing == _NO_SUCH_METHOD:
            return [] if self.is_sample else [farthest]
        if not self.is_sample:
            return list(self.world.corners.values())
        if of_missing == _FORBIDDEN:
            return [farthest]
        near = self.principal.nearest
        keys = dict.fromkeys(key for key in (self.principal.home, near, self._farthest()) if key != "missing")
        return [self.world.corners[key] for key in keys]
