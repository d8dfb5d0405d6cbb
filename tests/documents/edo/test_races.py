"""One message a paper however many people press at once; no late word over a newer one."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from django.db import connection
from pytest_django import Settings

from documents.edo.operators import EdoReport
from documents.models import Document, DocumentFile, EdoMessage
from documents.services import edo, edo_statuses
from documents.services.edo import edo_ask, edo_send
from documents.services.edo_statuses import edo_status_take
from documents.states import DocumentState, EdoStatus
from portal.outbox.models import Job
from tests.documents.edo.issued import make_upd, with_operator
from tests.documents.edo.papers import AT
from tests.documents.orders import make_order
from tests.factories import World, actor_of

THREADS = 6

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def document(world: World, settings: Settings, tmp_path: Path) -> Document:
    settings.EDO_OPERATOR = "documents.edo.file_drop.FileDropOperator"
    settings.EDO_DROP_DIR = tmp_path
    return make_upd(with_operator(make_order(world)))


def at_once(*works: Callable[[], object]) -> list[Exception]:
    """Do each in a thread of its own, all from one moment; return what went wrong."""
    errors: list[Exception] = []
    barrier = Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=20)
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return errors


def test_six_clicks_are_one_message(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, kept = actor_of(world.manager), edo._file_kept

    def slow(*arguments: object, **more: object) -> object:
        time.sleep(0.1)
        return kept(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(edo, "_file_kept", slow)

    errors = at_once(*[lambda: edo_ask(document_id=document.pk, actor=actor, at=AT)] * THREADS)

    assert errors == []
    assert (EdoMessage.objects.count(), DocumentFile.objects.count()) == (1, 1)
    assert Job.objects.filter(handler="documents.handlers.send_edo_message").count() == 1


def test_late_word_does_not_overwrite_a_newer_one(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = edo_ask(document_id=document.pk, actor=actor_of(world.manager), at=AT)
    edo_send(message_id=message.pk, at=AT)
    is_news = edo_statuses._is_news

    def slow(message: EdoMessage, report: EdoReport) -> bool:
        told = is_news(message, report)
        if report.status == EdoStatus.DELIVERED:
            time.sleep(0.5)
        return told

    monkeypatch.setattr(edo_statuses, "_is_news", slow)

    def signed() -> None:
        time.sleep(0.1)
        edo_status_take(message_id=message.pk, report=EdoReport(EdoStatus.SIGNED, AT))

    errors = at_once(
        lambda: edo_status_take(message_id=message.pk, report=EdoReport(EdoStatus.DELIVERED, AT)), signed
    )

    message.refresh_from_db()
    document.refresh_from_db()
    assert errors == []
    assert (message.status, document.state) == (EdoStatus.SIGNED, DocumentState.SIGNED)
