"""The exchange as 1C holds it: a test sign-in, a session per portion, orders out and back."""

import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from integrations.onec.client.conversation import Conversation, Faults, Patience
from integrations.onec.client.dialects import DIALECTS, DialectName
from integrations.onec.client.folder import Order, Portion, SentFile, Sessions, read_folder
from integrations.onec.client.orders import OrdersAnswer, read_orders, readable_xml
from integrations.onec.client.orders_back import ProfileName, Work, orders_back
from integrations.onec.client.reports import ExchangeType, PortionReport, Step, UploadReport
from integrations.onec.client.wire import Chunk, FileSlice, Reply, Wire


class OneCClient:
    """A simulated 1C base that talks to one site.

    The high-level calls hold whole exchanges; `open_session`, `post_file` and `import_file` are there for
    tests that need to misbehave. `zip_archive=True` packs each session even when the site said `zip=no`.
    `give_up_after` is in seconds of `progress` per file; 1C itself would ask for ever.
    """

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        dialect: DialectName = "ut",
        timeout: float | None = None,
        poll_pause: float | None = None,
        give_up_after: float = 3600,
        zip_archive: bool = False,
        faults: Faults | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> None:
        self.url = url
        self.dialect = DIALECTS[dialect]
        seconds = self.dialect.timeout if timeout is None else timeout
        self._wire = Wire(url, user, password, dialect=self.dialect, timeout=seconds)
        self._patience = Patience(
            self.dialect.poll_pause if poll_pause is None else poll_pause, give_up_after
        )
        self._zip_archive = zip_archive
        self._faults = faults or Faults()
        self._on_step = on_step
        self._tested = False
        self._any_import_succeeded = False
        self._session: Conversation | None = None
        self._order_session: Conversation | None = None

    def test_connection(self, exchange: ExchangeType = "catalog") -> Step:
        """Sign in without using the session, as 1C does before each exchange."""
        self._tested = True
        return self._conversation(exchange).check_auth()

    def upload_folder(
        self,
        folder: str | Path,
        *,
        order: Order = "name",
        sessions: Sessions = "kind",
        catalog_index: int | None = None,
    ) -> UploadReport:
        """Send an exchange folder, a session per portion; stop where UT 11 stops.

        Raises ValueError when the folder holds nothing to send. `seconds` counts from the test sign-in.
        """
        found = read_folder(Path(folder), order=order, sessions=sessions, catalog_index=catalog_index)
        report = UploadReport(url=self.url, dialect=self.dialect.name, skipped=found.skipped)
        self._any_import_succeeded = False
        started = time.perf_counter()
        report.test = self.test_connection()
        if not report.test.ok:
            report.stopped = "Проверка подключения не прошла, обмен не начат"
        else:
            self._upload_portions(found.portions, report)
        report.seconds = time.perf_counter() - started
        return report

    def fetch_orders(self) -> OrdersAnswer:
        """Ask for new orders and judge them; nothing is confirmed yet."""
        test = self.test_connection("sale")
        session = self._order_session = self._conversation("sale")
        answer = OrdersAnswer(steps=[test])
        if test.ok and self._greet(session, with_init=self.dialect.init_before_query):

            def read(reply: Reply) -> None:
                answer.body, answer.charset = reply.body, reply.charset
                answer.text = readable_xml(reply, self.dialect)

            if session.query(read).ok:
                answer.orders, answer.violations = read_orders(answer.text, answer.charset)
        answer.steps += session.steps
        return answer

    def confirm_orders(self) -> Step:
        """Say `success` in the session of the last fetch_orders."""
        if self._order_session is None:
            raise RuntimeError("confirm_orders before fetch_orders")
        return self._order_session.confirm()

    def send_orders(self, path: str | Path, *, name: str = "") -> UploadReport:
        """Send orders changed in 1C: init, file, import; `name` replaces the usual orders-<uuid>_1.xml."""
        path = Path(path)
        sent = SentFile(name or f"orders-{uuid.uuid4()}_1.xml", path, path.stat().st_size)
        report = UploadReport(url=self.url, dialect=self.dialect.name)
        self._any_import_succeeded = False
        started = time.perf_counter()
        if not self._tested:
            report.test = self.test_connection("sale")
        if report.test is not None and not report.test.ok:
            report.stopped = "Проверка подключения не прошла, обмен не начат"
        else:
            portion = Portion(label=sent.name, files=(sent,), imports=(sent.name,))
            for _time in range(2 if self._faults.repeat_orders else 1):
                report.portions.append(self._upload_portion(portion, "sale"))
        report.seconds = time.perf_counter() - started
        return report

    def return_orders(self, answer: bytes, *, profile: ProfileName, work: Work, at: datetime) -> UploadReport:
        """Send orders of an answer to `query` back as the manager of 1C has left them."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "orders.xml"
            path.write_bytes(orders_back(answer, profile=profile, work=work, at=at))
            return self.send_orders(path)

    def open_session(self, exchange: ExchangeType = "catalog") -> Conversation:
        """Sign in and init; the low-level calls below go to this session."""
        self._session = self._conversation(exchange)
        self._greet(self._session, with_init=True)
        return self._session

    def post_file(self, name: str, chunks: Iterable[Chunk]) -> list[Step]:
        """Post chunks under any name, hostile ones too; opens a session when there is none."""
        return (self._session or self.open_session()).post_file(name, chunks)

    def import_file(self, name: str) -> Step:
        """Ask for the import of any name; opens a session when there is none."""
        return (self._session or self.open_session()).import_file(name)

    def _conversation(self, exchange: ExchangeType) -> Conversation:
        return Conversation(
            wire=self._wire,
            dialect=self.dialect,
            exchange=exchange,
            patience=self._patience,
            faults=self._faults,
            on_step=self._on_step,
        )

    def _greet(self, session: Conversation, *, with_init: bool) -> bool:
        return session.check_auth().ok and (not with_init or session.init().ok)

    def _upload_portions(self, portions: Iterable[Portion], report: UploadReport) -> None:
        """A lost portion is only reported, unless nothing has been imported before it."""
        for portion in portions:
            done = self._upload_portion(portion, "catalog")
            report.portions.append(done)
            if done.steps[0].error:
                report.stopped = f"Обмен прерван на входе в сеанс {portion.label}"
                return
            if not done.ok and not self._any_import_succeeded:
                report.stopped = f"Обмен прерван: не загружена первая порция {portion.label}"
                return

    def _upload_portion(self, portion: Portion, exchange: ExchangeType) -> PortionReport:
        session = self._conversation(exchange)
        report = PortionReport(portion.label, tuple(file.name for file in portion.files), session.steps)
        if not self._greet(session, with_init=True) or not self._send_files(session, portion):
            return report
        for name in () if self._faults.skip_import else portion.imports:
            if session.import_file(name).ok:
                report.imported.append(name)
                self._any_import_succeeded = True
            elif not self._any_import_succeeded:
                break
        return report

    def _send_files(self, session: Conversation, portion: Portion) -> bool:
        if not (self._zip_archive or session.limits.zip):
            return all(self._send_file(session, file) for file in portion.files)
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / f"v8_{uuid.uuid4().hex[:4].upper()}_1.zip"
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
                for file in portion.files:
                    packed.write(file.path, file.name)
            return self._send_file(session, SentFile(archive.name, archive, archive.stat().st_size))

    def _send_file(self, session: Conversation, file: SentFile) -> bool:
        limit = session.limits.file_limit if session.limits.file_limit > 0 else max(file.size, 1)
        chunks = [
            FileSlice(file.path, offset, min(limit, file.size - offset))
            for offset in range(0, max(file.size, 1), limit)
        ]
        return all(step.ok for step in session.post_file(file.name, chunks))
