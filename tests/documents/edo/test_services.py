"""Sending papers through an operator and following his words."""

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.actor import AccessDenied
from documents.edo.operators import EdoReport, EdoSignature, OperatorFailed
from documents.events import EdoMessageAsked, EdoReturned
from documents.handlers import send_edo_message, tell_edo_returned
from documents.layout.forms import paper_html
from documents.models import Document, DocumentFile, EdoMessage, ReceivedDocument
from documents.selectors.edo import document_xml, edo_notes
from documents.services import edo_prints
from documents.services.edo import EdoRefused, edo_ask, edo_poll, edo_send
from documents.services.edo_prints import edo_print_keep
from documents.services.edo_statuses import EdoTold, edo_status_take, edo_told
from documents.states import DocumentKind, DocumentState, EdoStatus, FileRole
from portal.outbox import JobRefused
from portal.outbox.models import Job
from tests.documents.edo.issued import make_upd, with_operator
from tests.documents.edo.papers import AT, HEAD, shipment, tree
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.factories import World, actor_of

LATER = AT + timedelta(hours=1)


@pytest.fixture
def drop(settings: Settings, tmp_path: Path) -> Path:
    settings.EDO_OPERATOR = "documents.edo.file_drop.FileDropOperator"
    settings.EDO_DROP_DIR = tmp_path
    return tmp_path


@pytest.fixture
def document(world: World, drop: Path) -> Document:
    return make_upd(with_operator(make_order(world)))


def asked(world: World, document: Document) -> EdoMessage:
    return edo_ask(document_id=document.pk, actor=actor_of(world.manager), at=AT)


def sent(world: World, document: Document) -> EdoMessage:
    message = asked(world, document)
    edo_send(message_id=message.pk, at=AT)
    message.refresh_from_db()
    return message


def say(drop: Path, message: EdoMessage, **told: object) -> None:
    (drop / "status").mkdir(exist_ok=True)
    usual = {"status": "delivered", "at": LATER.isoformat()}
    (drop / "status" / f"{message.message_id}.json").write_text(json.dumps(usual | told))


# --- sending -----------------------------------------------------------------------------------------
def test_paper_is_kept_and_sent_under_its_own_key(world: World, document: Document, drop: Path) -> None:
    message = asked(world, document)

    assert (message.status, message.message_id) == (EdoStatus.DRAFT, "")
    assert Job.objects.filter(handler="documents.handlers.send_edo_message").count() == 1

    edo_send(message_id=message.pk, at=LATER)

    message.refresh_from_db()
    document.refresh_from_db()
    kept = DocumentFile.objects.get(document=document, role=FileRole.XML)
    assert (message.status, message.message_id, message.status_at) == (
        EdoStatus.SENT,
        str(message.uid),
        LATER,
    )
    assert document.state == DocumentState.SENT
    assert kept.name == message.file_name
    assert sorted(path.name for path in (drop / "outbox").iterdir()) == [kept.name, f"{kept.name}.id"]
    root = tree(document_xml(document))
    assert str(document.uid) in kept.name
    assert root.get("ИдФайл") == kept.name.removesuffix(".xml")
    assert root.findtext("Документ/ТаблСчФакт/ВсегоОпл/СумНалВсего/СумНал") == "19182.67"


def test_asking_and_sending_twice_is_one_message(world: World, document: Document, drop: Path) -> None:
    first = sent(world, document)

    again = asked(world, document)
    edo_send(message_id=first.pk, at=LATER)

    assert again == first
    assert EdoMessage.objects.count() == 1
    assert DocumentFile.objects.filter(role=FileRole.XML).count() == 1
    assert Job.objects.filter(handler="documents.handlers.send_edo_message").count() == 1
    assert EdoMessage.objects.get().status_at == AT
    assert len(list((drop / "outbox").iterdir())) == 2


def test_worker_killed_after_the_operator_took_it_sends_the_same_message(
    world: World, document: Document, drop: Path
) -> None:
    message = asked(world, document)

    class Killed(Exception):
        pass

    def killed() -> None:
        raise Killed

    with pytest.raises(Killed):
        edo_send(message_id=message.pk, at=AT, finishing=killed)  # type: ignore[arg-type]
    message.refresh_from_db()
    assert (message.status, message.message_id) == (EdoStatus.DRAFT, "")
    before = {path.name: path.read_bytes() for path in (drop / "outbox").iterdir()}

    edo_send(message_id=message.pk, at=LATER)

    message.refresh_from_db()
    assert (message.status, message.message_id) == (EdoStatus.SENT, str(message.uid))
    assert {path.name: path.read_bytes() for path in (drop / "outbox").iterdir()} == before


def test_operator_that_fails_changes_nothing(world: World, document: Document, drop: Path) -> None:
    message = asked(world, document)
    (drop / "outbox").write_text("a file in the way")

    with pytest.raises(OperatorFailed):
        edo_send(message_id=message.pk, at=AT)

    message.refresh_from_db()
    document.refresh_from_db()
    assert (message.status, message.message_id, document.state) == (
        EdoStatus.DRAFT,
        "",
        DocumentState.ISSUED,
    )


def test_paper_given_up_meanwhile_is_not_sent(world: World, document: Document, drop: Path) -> None:
    message = asked(world, document)
    Document.objects.filter(pk=document.pk).update(state=DocumentState.CANCELLED)

    edo_send(message_id=message.pk, at=LATER)

    message.refresh_from_db()
    document.refresh_from_db()
    assert (message.status, message.reason) == (EdoStatus.REVOKED, "Документ отменен до отправки")
    assert document.state == DocumentState.CANCELLED
    assert not (drop / "outbox").exists()


def nothing_changed(document: Document) -> bool:
    return not EdoMessage.objects.exists() and not document.files.exists() and not Job.objects.exists()


def test_paper_without_identifiers_is_refused(world: World, drop: Path) -> None:
    document = make_upd(make_order(world))

    with pytest.raises(EdoRefused) as refused:
        asked(world, document)

    assert refused.value.reasons == (
        f"Не указан идентификатор участника ЭДО: {world.organization.name}",
        f"Не указан идентификатор участника ЭДО: {world.entity.name}",
    )
    assert nothing_changed(document)


def test_paper_that_does_not_fit_the_format_is_refused_by_its_fields(world: World, drop: Path) -> None:
    payload = shipment(head=replace(HEAD, person=None, role=""))
    document = make_upd(with_operator(make_order(world)), payload)

    with pytest.raises(EdoRefused) as refused:
        asked(world, document)

    assert refused.value.reasons == (
        "Должность подписавшего (Должн): не указано",
        "Фамилия (имя и отчество полностью) (Фамилия): не указано",
        "Имя полностью (Имя): не указано",
    )
    assert nothing_changed(document)


def test_without_an_operator_nothing_is_sent(world: World, settings: Settings) -> None:
    settings.EDO_OPERATOR = ""
    document = make_upd(with_operator(make_order(world)))

    with pytest.raises(EdoRefused, match="не подключен"):
        asked(world, document)

    assert nothing_changed(document)
    assert edo_poll(at=AT) == 0


@pytest.mark.parametrize("state", [DocumentState.CANCELLED, DocumentState.CORRECTED])
def test_paper_that_is_not_in_force_is_refused(world: World, drop: Path, state: DocumentState) -> None:
    document = make_upd(with_operator(make_order(world)), state=state)

    with pytest.raises(EdoRefused, match="не действует"):
        asked(world, document)

    assert nothing_changed(document)


def test_returned_paper_is_not_sent_again(world: World, document: Document) -> None:
    message = sent(world, document)
    edo_status_take(message_id=message.pk, report=EdoReport(EdoStatus.REJECTED, LATER, reason="Цена"))

    with pytest.raises(EdoRefused, match="выпишите исправление"):
        asked(world, document)

    assert EdoMessage.objects.count() == 1


@pytest.mark.parametrize("persona", ["buyer", "head"])
def test_client_does_not_send(world: World, document: Document, persona: str) -> None:
    with pytest.raises(AccessDenied):
        edo_ask(document_id=document.pk, actor=actor_of(getattr(world, persona)), at=AT)

    assert nothing_changed(document)


def test_other_manager_does_not_find_the_paper(world: World, document: Document) -> None:
    with pytest.raises(Document.DoesNotExist):
        edo_ask(document_id=document.pk, actor=actor_of(world.other_manager), at=AT)

    assert nothing_changed(document)


def test_job_that_can_never_be_done_is_dead_at_once(
    world: World, document: Document, settings: Settings
) -> None:
    message = asked(world, document)
    settings.EDO_OPERATOR = ""
    running: Any = SimpleNamespace(finish=transaction.atomic)

    with pytest.raises(JobRefused, match="не подключен"):
        send_edo_message(EdoMessageAsked(message_id=message.pk), running)

    message.refresh_from_db()
    assert message.status == EdoStatus.DRAFT


# --- what the operator says --------------------------------------------------------------------------
def take(message: EdoMessage, status: EdoStatus, *, minutes: int = 1, reason: str = "") -> bool:
    report = EdoReport(status, AT + timedelta(minutes=minutes), reason=reason)
    return edo_status_take(message_id=message.pk, report=report)


def test_statuses_lead_the_paper(world: World, document: Document) -> None:
    message = sent(world, document)
    states = []

    for minutes, status in enumerate(
        (EdoStatus.RECEIVED_BY_OPERATOR, EdoStatus.DELIVERED, EdoStatus.SIGNED), start=1
    ):
        assert take(message, status, minutes=minutes)
        document.refresh_from_db()
        states.append(document.state)

    assert states == [DocumentState.SENT, DocumentState.DELIVERED, DocumentState.SIGNED]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (EdoStatus.SIGNED, EdoStatus.DELIVERED),
        (EdoStatus.SIGNED, EdoStatus.SIGNED),
        (EdoStatus.SIGNED, EdoStatus.REJECTED),
        (EdoStatus.DELIVERED, EdoStatus.RECEIVED_BY_OPERATOR),
        (EdoStatus.DELIVERED, EdoStatus.DELIVERED),
        (EdoStatus.REJECTED, EdoStatus.SIGNED),
        (EdoStatus.REVOKED, EdoStatus.SIGNED),
        (EdoStatus.CORRECTION_REQUESTED, EdoStatus.DELIVERED),
    ],
)
def test_late_and_repeated_words_change_nothing(
    world: World, document: Document, first: EdoStatus, second: EdoStatus
) -> None:
    message = sent(world, document)
    take(message, first, reason="Первая")
    before = EdoMessage.objects.values().get(), Document.objects.values("state").get()

    assert not take(message, second, minutes=9, reason="Вторая")

    assert (EdoMessage.objects.values().get(), Document.objects.values("state").get()) == before


def test_refused_revocation_leaves_the_paper_signed(world: World, document: Document) -> None:
    message = sent(world, document)
    take(message, EdoStatus.SIGNED, minutes=1)
    take(message, EdoStatus.REVOCATION_REQUESTED, minutes=5)

    assert not take(message, EdoStatus.SIGNED, minutes=1)
    assert take(message, EdoStatus.SIGNED, minutes=6)

    message.refresh_from_db()
    assert message.status == EdoStatus.SIGNED


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ((EdoStatus.SIGNED, EdoStatus.REVOKED), DocumentState.CANCELLED),
        ((EdoStatus.SIGNED, EdoStatus.REVOCATION_REQUESTED, EdoStatus.REVOKED), DocumentState.CANCELLED),
        ((EdoStatus.SIGNED, EdoStatus.REVOCATION_REQUESTED), DocumentState.SIGNED),
        ((EdoStatus.DELIVERED, EdoStatus.REVOKED), DocumentState.DELIVERED),
        ((EdoStatus.DELIVERED, EdoStatus.REVOCATION_REQUESTED, EdoStatus.REVOKED), DocumentState.DELIVERED),
    ],
    ids=["annulled", "asked and annulled", "asked", "taken back unsigned", "asked and taken back"],
)
def test_annulled_paper_is_no_longer_in_force(
    world: World, document: Document, said: tuple[EdoStatus, ...], state: DocumentState
) -> None:
    message = sent(world, document)

    for minutes, status in enumerate(said, start=1):
        assert take(message, status, minutes=minutes)

    document.refresh_from_db()
    assert document.state == state


def test_rejection_without_a_reason_says_so(world: World, document: Document) -> None:
    message = sent(world, document)

    assert take(message, EdoStatus.REJECTED)

    message.refresh_from_db()
    document.refresh_from_db()
    assert (message.status, message.reason) == (EdoStatus.REJECTED, "Оператор не назвал причину")
    assert document.state == DocumentState.SENT


def test_paper_that_was_given_up_stays_so(world: World, document: Document) -> None:
    message = sent(world, document)
    Document.objects.filter(pk=document.pk).update(state=DocumentState.CORRECTED)

    assert take(message, EdoStatus.SIGNED)

    document.refresh_from_db()
    assert document.state == DocumentState.CORRECTED


def test_poll_takes_words_and_files_of_a_signed_paper(world: World, document: Document, drop: Path) -> None:
    message = sent(world, document)
    signature = {"name": "Сидоров П. И.", "certificate": "01AB", "until": "12.01.2027"}
    say(drop, message, status="signed", signatures=[signature])
    folder = drop / "inbox" / message.message_id
    folder.mkdir(parents=True)
    (folder / "protocol.pdf").write_bytes(b"%PDF-1.7 protocol")
    (folder / "title.sig").write_bytes(b"signature")

    assert edo_poll(at=LATER) == 1
    assert edo_poll(at=LATER) == 0

    files = document.files.exclude(role=FileRole.XML).order_by("name").values_list("name", "role")
    assert list(files) == [("protocol.pdf", FileRole.PROTOCOL), ("title.sig", FileRole.SIGNATURE)]
    (note,) = edo_notes(document=document)
    assert note.signatures == ("Сидоров П. И., сертификат 01AB, действует до 12.01.2027",)


def test_unreadable_word_does_not_hide_the_next(world: World, document: Document, drop: Path) -> None:
    spoilt, sound = sent(world, document), sent(world, make_upd(with_operator(make_order(world))))
    say(drop, sound)
    (drop / "status" / f"{spoilt.message_id}.json").write_text("{")

    assert edo_poll(at=LATER) == 1

    assert list(EdoMessage.objects.order_by("pk").values_list("status", flat=True)) == ["sent", "delivered"]


def test_words_that_no_database_keeps_do_not_stop_the_asking(
    world: World, document: Document, drop: Path
) -> None:
    message = sent(world, document)
    told = {
        "status": "signed",
        "at": LATER.isoformat(),
        "reason": "a\0b",
        "signatures": [{"name": "Ив\0анов"}],
    }
    status, inbox = drop / "status", drop / "inbox" / str(message.uid)
    status.mkdir()
    inbox.mkdir(parents=True)
    (status / f"{message.uid}.json").write_text(json.dumps(told))
    (inbox / os.fsdecode(b"\xcf\xf0\xee.xml")).write_bytes(b"<?xml version='1.0'?><a/>")

    assert edo_poll(at=LATER) == 1

    message.refresh_from_db()
    assert (message.reason, message.signatures[0]["name"]) == ("ab", "Иванов")
    assert DocumentFile.objects.get(role=FileRole.PROTOCOL).name == "\ufffd\ufffd\ufffd.xml"


def test_word_on_an_unknown_message_changes_nothing(world: World, document: Document, drop: Path) -> None:
    message = sent(world, document)
    (drop / "status").mkdir()
    (drop / "status" / "unknown.json").write_text('{"status": "signed", "at": "2026-11-20T10:15:00+03:00"}')

    assert edo_poll(at=LATER) == 0

    message.refresh_from_db()
    assert message.status == EdoStatus.SENT
    with pytest.raises(EdoMessage.DoesNotExist):
        edo_status_take(message_id=message.pk + 1, report=EdoReport(EdoStatus.SIGNED, LATER))


def test_drafts_and_old_signed_ones_are_not_asked_about(
    world: World, document: Document, drop: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    message = sent(world, document)
    EdoMessage.objects.update(status=EdoStatus.SIGNED, status_at=AT)
    say(drop, message, status="revoked")
    asked(world, make_upd(with_operator(make_order(world))))

    with django_assert_num_queries(1):
        assert edo_poll(at=AT + timedelta(days=91)) == 0


# --- what 1C says ------------------------------------------------------------------------------------
def told(status: EdoStatus, *, key: str = "m-1", minutes: int = 0, reason: str = "") -> EdoTold:
    report = EdoReport(
        status, AT + timedelta(minutes=minutes), reason=reason, signatures=(EdoSignature("Сидоров"),)
    )
    return EdoTold(operator="Диадок", message_id=key, report=report)


def test_words_of_1c_are_kept_with_its_paper(world: World) -> None:
    paper = make_received(world.entity)

    assert edo_told(received_id=paper.pk, told=told(EdoStatus.DELIVERED), at=AT)
    assert edo_told(received_id=paper.pk, told=told(EdoStatus.REJECTED, minutes=5), at=LATER)
    assert edo_told(received_id=paper.pk, told=told(EdoStatus.DELIVERED, minutes=9), at=LATER)

    (note,) = edo_notes(received=paper)
    assert (note.operator, note.status, note.reason) == ("Диадок", "rejected", "Оператор не назвал причину")


def test_new_message_of_1c_stands_beside_the_rejected_one(world: World) -> None:
    paper = make_received(world.entity)

    edo_told(received_id=paper.pk, told=told(EdoStatus.REJECTED, reason="Цена"), at=AT)
    edo_told(received_id=paper.pk, told=told(EdoStatus.SIGNED, key="m-2"), at=LATER)

    assert [note.status for note in edo_notes(received=paper)] == ["signed", "rejected"]


def test_message_without_an_id_is_the_papers_last(world: World) -> None:
    paper = make_received(world.entity)

    edo_told(received_id=paper.pk, told=told(EdoStatus.SENT, key=""), at=AT)
    edo_told(received_id=paper.pk, told=told(EdoStatus.SIGNED, key="", minutes=1), at=LATER)

    assert [note.status for note in edo_notes(received=paper)] == ["signed"]


def test_message_of_another_paper_is_left_alone(world: World) -> None:
    paper, other = make_received(world.entity), make_received(world.entity, number="18")
    edo_told(received_id=paper.pk, told=told(EdoStatus.SENT), at=AT)

    assert not edo_told(received_id=other.pk, told=told(EdoStatus.SIGNED), at=LATER)

    assert edo_notes(received=other) == []
    assert [note.status for note in edo_notes(received=paper)] == ["sent"]
    assert ReceivedDocument.objects.count() == 2


# --- telling of it -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "status", [EdoStatus.REJECTED, EdoStatus.CORRECTION_REQUESTED, EdoStatus.REVOCATION_REQUESTED]
)
def test_managers_are_told_of_what_came_back(world: World, document: Document, status: EdoStatus) -> None:
    message = sent(world, document)
    take(message, status, reason="Не та цена")

    tell_edo_returned(EdoReturned(message_id=message.pk, status=status))
    tell_edo_returned(EdoReturned(message_id=message.pk, status=status))

    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (world.manager, NoticeKind.EDO_RETURNED)
    assert notice.title == f"{document}: {EdoStatus(status).label.lower()}"
    assert notice.text == f"{world.entity.name}. Не та цена."
    assert notice.address == reverse("documents:edo_view", args=[document.uid])
    assert Job.objects.filter(handler="documents.handlers.tell_edo_returned").count() == 1


def test_signed_paper_is_nobodys_trouble(world: World, document: Document) -> None:
    take(sent(world, document), EdoStatus.SIGNED)

    assert not Job.objects.filter(handler="documents.handlers.tell_edo_returned").exists()


def test_returned_paper_of_1c_is_told_of_too(world: World) -> None:
    paper = make_received(world.entity)
    edo_told(received_id=paper.pk, told=told(EdoStatus.REJECTED), at=AT)
    message = EdoMessage.objects.get()

    tell_edo_returned(EdoReturned(message_id=message.pk, status=EdoStatus.REJECTED))

    assert Notice.objects.get().address == reverse("documents:list")
    assert Job.objects.filter(handler="documents.handlers.tell_edo_returned").count() == 1


# --- the print with the operator's mark ------------------------------------------------------------------
def signed(world: World, document: Document) -> EdoMessage:
    message = sent(world, document)
    signature = EdoSignature(name="Сидоров Пётр Иванович", certificate="01AB23CD", until="12.01.2027")
    report = EdoReport(EdoStatus.SIGNED, LATER, signatures=(signature,))
    edo_status_take(message_id=message.pk, report=report)
    message.refresh_from_db()
    return message


def test_signed_paper_gets_a_print_with_the_mark_of_the_operator(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = signed(world, document)
    pages: list[str] = []

    def laid_out(kind: DocumentKind, payload: Any) -> bytes:
        pages.append(paper_html(kind, payload))
        return f"%PDF-1.7 {len(pages)}".encode()

    monkeypatch.setattr(edo_prints, "paper_pdf", laid_out)
    handlers = ("documents.handlers.print_signed_paper", "documents.handlers.sign_act_with_its_paper")
    assert Job.objects.filter(handler__in=handlers).count() == 2

    edo_print_keep(message_id=message.pk, at=LATER)
    edo_print_keep(message_id=message.pk, at=LATER)

    kept = DocumentFile.objects.get(document=document, role=FileRole.PRINT)
    assert kept.name == f"{document}, подписан в ЭДО.pdf"
    assert len(pages) == 1
    assert (
        "Документ подписан и передан через оператора ЭДО Обмен файлами, "
        f"идентификатор {message.message_id}, подписи:<br>"
        "Сидоров Пётр Иванович, сертификат 01AB23CD, действует до 12.01.2027"
    ) in pages[0]
    assert Document.objects.get(pk=document.pk).file_id == document.file_id


def test_two_workers_keep_one_print(
    world: World, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = signed(world, document)
    made: list[bytes] = []

    def laid_out(kind: DocumentKind, payload: Any) -> bytes:
        made.append(f"%PDF-1.7 {len(made)}".encode())
        if len(made) == 1:  # another worker comes while the page is laid out
            edo_print_keep(message_id=message.pk, at=LATER)
        return made[0]

    monkeypatch.setattr(edo_prints, "paper_pdf", laid_out)

    edo_print_keep(message_id=message.pk, at=LATER)

    assert len(made) == 2
    assert DocumentFile.objects.filter(role=FileRole.PRINT).count() == 1


def test_paper_that_is_not_signed_gets_no_print(world: World, document: Document) -> None:
    message = sent(world, document)

    edo_print_keep(message_id=message.pk, at=LATER)

    assert not DocumentFile.objects.filter(role=FileRole.PRINT).exists()
    assert not Job.objects.filter(handler="documents.handlers.print_signed_paper").exists()
