"""What the client tells afterwards: every request, every session, the whole exchange."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

ExchangeType = Literal["catalog", "sale"]


@dataclass(frozen=True, slots=True)
class Step:
    """One request and its answer; an import with all its polls is one step.

    `milliseconds` covers all polls and pauses, `slowest_ms` the longest single answer; `error` is empty
    when 1C goes on; `remarks` are things a stricter 1C or a proxy would stumble over.
    """

    exchange: ExchangeType
    mode: str
    file: str = ""
    bytes_sent: int = 0
    status: int = 0
    answer: str = ""
    milliseconds: float = 0
    slowest_ms: float = 0
    requests: int = 1
    polls: int = 0
    error: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.error


@dataclass(slots=True)
class PortionReport:
    """One session, checkauth to the last import; `files` in the order they were sent."""

    label: str
    files: tuple[str, ...]
    steps: list[Step] = field(default_factory=list)
    imported: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return all(step.ok for step in self.steps)


@dataclass(slots=True)
class UploadReport:
    """A whole upload; `stopped` says in Russian why 1C gave up before the end, else empty."""

    url: str
    dialect: str
    test: Step | None = None
    portions: list[PortionReport] = field(default_factory=list)
    skipped: tuple[str, ...] = ()
    stopped: str = ""
    seconds: float = 0

    @property
    def ok(self) -> bool:
        return not self.stopped and bool(self.portions) and all(portion.ok for portion in self.portions)

    @property
    def steps(self) -> list[Step]:
        """All steps in the order they happened."""
        test = [self.test] if self.test else []
        return test + [step for portion in self.portions for step in portion.steps]

    @property
    def errors(self) -> list[str]:
        """Reasons of all failed steps, and of an early stop."""
        errors = [f"{step.mode} {step.file}: {step.error}" for step in self.steps if step.error]
        return errors + ([self.stopped] if self.stopped else [])

    def as_json(self) -> dict[str, Any]:
        """Everything above as plain data."""
        totals = {
            "ok": self.ok,
            "errors": self.errors,
            "requests": sum(step.requests for step in self.steps),
            "polls": sum(step.polls for step in self.steps),
            "bytes_sent": sum(step.bytes_sent for step in self.steps),
        }
        return asdict(self) | totals
