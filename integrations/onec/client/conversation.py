"""One session of 1C with the site: checkauth, init, file, import; or checkauth, query, success."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from integrations.onec.client import answers
from integrations.onec.client.answers import NO_LIMITS, AnswerError, Limits, SessionKey
from integrations.onec.client.dialects import Dialect
from integrations.onec.client.reports import ExchangeType, Step
from integrations.onec.client.wire import Chunk, Reply, TornAnswerError, Wire, WireError, chunk_length


@dataclass(frozen=True, slots=True)
class Faults:
    """Deliberate misbehaviour for tests.

    `cut_short`: bytes of the last chunk of each file promised in Content-Length but not sent.
    `repeat_chunk`: index of the chunk that is sent twice. `skip_import`: leave after the uploads.
    `lose_answer`: the last answer to `import` does not arrive, so 1C asks once more.
    `repeat_orders`: the file of orders is sent twice, in two sessions.
    """

    cut_short: int = 0
    repeat_chunk: int | None = None
    skip_import: bool = False
    lose_answer: bool = False
    repeat_orders: bool = False


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds between polls, and after how many seconds of `progress` to give up (1C itself never does)."""

    poll_pause: float
    give_up_after: float


@dataclass(slots=True)
class Conversation:
    """Calls of one session; each returns what happened and never raises for what the site answers."""

    wire: Wire
    dialect: Dialect
    exchange: ExchangeType
    patience: Patience
    faults: Faults = field(default_factory=Faults)
    on_step: Callable[[Step], None] | None = None
    key: SessionKey | None = None
    limits: Limits = NO_LIMITS
    steps: list[Step] = field(default_factory=list)

    def check_auth(self) -> Step:
        """Sign in; the cookie of the later requests comes from lines 2 and 3 of the body."""

        def read(reply: Reply) -> None:
            self.key = answers.read_check_auth(reply.text)

        return self._done(self._attempt("checkauth", read))

    def init(self) -> Step:
        """Learn whether archives are wanted and how long a chunk may be."""

        def read(reply: Reply) -> None:
            self.limits = answers.read_init(reply.text, self.dialect)

        return self._done(self._attempt("init", read))

    def post_file(self, name: str, chunks: Iterable[Chunk]) -> list[Step]:
        """Send chunks one after another under one name; stop at the first that is not taken."""
        steps: list[Step] = []
        for chunk, withhold in self._with_faults(list(chunks)):
            step = self._attempt(
                "file",
                lambda reply: answers.check_file(reply.text),
                name=name,
                chunk=chunk,
                withhold=withhold,
            )
            steps.append(self._done(step))
            if not step.ok:
                break
        return steps

    def import_file(self, name: str) -> Step:
        """Ask for the import again and again while the site answers `progress`."""
        over = False

        def read(reply: Reply) -> None:
            nonlocal over
            over = answers.check_import(reply.text)

        started = time.perf_counter()
        step, requests = self._attempt("import", read, name=name), 1
        slowest, polls = step.milliseconds, 0
        while step.ok and not over:
            polls += 1
            if time.perf_counter() - started >= self.patience.give_up_after:
                step = replace(step, error=f"Сайт отвечает progress дольше {self.patience.give_up_after:g} с")
                break
            time.sleep(self.patience.poll_pause)
            step, requests = self._attempt("import", read, name=name), requests + 1
            slowest = max(slowest, step.milliseconds)
        if self.faults.lose_answer and step.ok:
            step, requests = self._attempt("import", read, name=name), requests + 1
        elapsed = 1000 * (time.perf_counter() - started)
        return self._done(
            replace(step, milliseconds=elapsed, slowest_ms=slowest, requests=requests, polls=polls)
        )

    def query(self, read: Callable[[Reply], None]) -> Step:
        """Ask for the orders; `read` raises AnswerError for what 1C would not take."""
        return self._done(self._attempt("query", read))

    def confirm(self) -> Step:
        """Tell the site that the orders of this session are in 1C."""
        return self._done(self._attempt("success", lambda reply: answers.check_confirmation(reply.text)))

    def _attempt(
        self,
        mode: str,
        read: Callable[[Reply], None],
        *,
        name: str = "",
        chunk: Chunk | None = None,
        withhold: int = 0,
    ) -> Step:
        started = time.perf_counter()
        reply, error = None, ""
        try:
            reply = self._send(self._params(mode, name), chunk, withhold)
            _refuse_redirect(reply)
            read(reply)
        except (WireError, AnswerError) as failure:
            error = str(failure)
        elapsed = 1000 * (time.perf_counter() - started)
        return Step(
            exchange=self.exchange,
            mode=mode,
            file=name,
            bytes_sent=0 if chunk is None else chunk_length(chunk) - withhold,
            status=reply.status if reply else 0,
            answer=answers.excerpt(reply.text) if reply else "",
            milliseconds=elapsed,
            slowest_ms=elapsed,
            error=error,
            remarks=_remarks(reply) if reply else (),
        )

    def _send(self, query: str, chunk: Chunk | None, withhold: int) -> Reply:
        cookie = self.key.cookie if self.key else ""
        if chunk is None:
            return self.wire.get(query, cookie=cookie)
        try:
            return self.wire.post(query, chunk, cookie=cookie, withhold=withhold)
        except TornAnswerError:
            if not self.dialect.repeats_torn_answer:
                raise
            return self.wire.post(query, chunk, cookie=cookie, withhold=withhold)

    def _params(self, mode: str, name: str) -> str:
        """Query string in the order of the dialect; values go raw, `sessid` even when it is empty."""
        what = f"mode={mode}" + (f"&filename={name}" if name else "")
        if mode == "checkauth" or self.key is None:
            return f"type={self.exchange}&{what}"
        if self.dialect.version_params:
            return f"type={self.exchange}&sessid={self.key.sessid}&{self.dialect.version_params}&{what}"
        return f"type={self.exchange}&{what}&sessid={self.key.sessid}"

    def _with_faults(self, chunks: list[Chunk]) -> Iterator[tuple[Chunk, int]]:
        """Chunks in sending order, each with the number of bytes to keep back."""
        for index, chunk in enumerate(chunks):
            last = index == len(chunks) - 1
            yield chunk, min(self.faults.cut_short, chunk_length(chunk)) if last else 0
            if index == self.faults.repeat_chunk:
                yield chunk, 0

    def _done(self, step: Step) -> Step:
        self.steps.append(step)
        if self.on_step:
            self.on_step(step)
        return step


def _refuse_redirect(reply: Reply) -> None:
    if 300 <= reply.status < 400:
        raise AnswerError(f"Сайт перенаправляет ({reply.status}) на {reply.location}, 1С туда не пойдёт")


def _remarks(reply: Reply) -> tuple[str, ...]:
    """Remarks of the transport, and of characters that have no place in an answer."""
    remarks = list(reply.remarks)
    if reply.text.startswith("\ufeff"):
        remarks.append("ответ начинается с BOM")
    if "\r" in reply.text and not reply.text.startswith("<?xml"):
        remarks.append("в ответе есть символ возврата каретки")
    return tuple(remarks)
