"""documents: papers of 1C with their files, from the JSON channel to the cabinet."""

import base64
import hashlib
import struct
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pydantic import ValidationError

from documents.models import ReceivedDocument, ReceivedFile
from documents.selectors.edo import edo_notes
from integrations.models import ExchangeNode, ExternalId, ExternalKind, PaperOrderRef
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport
from integrations.push import fetching
from integrations.push.fetching import FileUnavailable, file_fetch, hosts_strange, url_checked
from integrations.push.files import FileRefused
from integrations.push.items.documents import FILE_LIMIT, DocumentItem
from integrations.services.incoming.work import Work
from integrations.services.push.documents import document_take
from integrations.services.push.paper_orders import paper_orders_link
from integrations.services.push.refusal import ItemRefused
from integrations.services.push.waits import ItemWaits
from portal.files.papers import paper_mime
from portal.outbox.models import Job
from tests.factories import World, make_contract
from tests.integrations.erp_world import ENTITY, make_erp_world, ordered
from tests.integrations.onec_talk import run_jobs
from tests.integrations.push_talk import Push, partner

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)
PDF = b"%PDF-1.7\n1 0 obj"
STRANGER = "33333333-18f9-11e7-80c2-0000000000ff"
ADDRESS = "https://files.example.ru/upd/17.pdf"


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


def batch(node: ExchangeNode, *, formed_at: datetime = AT) -> Work:
    return Work(node=node, at=AT, ids=ExternalIds(node.pk), report=LoadReport(), formed_at=formed_at)


def file(content: bytes = PDF, **told: object) -> dict[str, object]:
    told = {"content_base64": base64.b64encode(content).decode()} | told
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | told


def linked(content: bytes = PDF, url: str = ADDRESS) -> dict[str, object]:
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "url": url}


def item(**told: object) -> DocumentItem:
    usual = {
        "ref": "upd-17", "type": "upd", "number": "17", "date": "2026-11-24", "sum": "300.00",
        "counterparty_ref": ENTITY,
    }  # fmt: skip
    return DocumentItem.model_validate(usual | told)


# --- taking ------------------------------------------------------------------------------------------
def test_paper_is_kept_with_its_file_and_orders(node: ExchangeNode, world: World) -> None:
    part = ordered(world, {0: "3"}, "300").parts.get()
    contract = make_contract(world.entity, is_default=False)
    ExternalId.objects.create(node=node, kind=ExternalKind.CONTRACT, external_id="c-1", object_id=contract.pk)
    work = batch(node)

    document_take(
        work, item(order_refs=[part.number], contract_ref="c-1", file=file(name="УПД.pdf", mime="x/y"))
    )

    paper = ReceivedDocument.objects.get()
    assert (paper.kind, paper.number, paper.total) == ("upd", "17", Decimal("300.00"))
    assert (paper.legal_entity, paper.contract, paper.as_of) == (world.entity, contract, AT)
    assert paper.file is not None
    assert (paper.file.mime, paper.file.name, paper.file.size) == ("application/pdf", "УПД.pdf", len(PDF))
    assert list(paper.parts.all()) == [part]
    assert work.report.counts["documents_new"] == 1


def test_same_paper_again_writes_nothing_new(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(file=file()))
    document_take(batch(node), item(file=file()))

    assert (ReceivedDocument.objects.count(), ReceivedFile.objects.count()) == (1, 1)


def test_later_file_takes_the_place_and_the_old_one_is_kept(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(file=file()))
    later = AT + timedelta(hours=1)

    document_take(batch(node, formed_at=later), item(sum=310, file=file(PDF + b" corrected")))

    paper = ReceivedDocument.objects.get()
    versions = list(ReceivedFile.objects.order_by("version").values_list("version", "file__size"))
    assert versions == [(1, len(PDF)), (2, len(PDF) + 10)]
    assert (paper.total, paper.file.size) == (310, len(PDF) + 10)  # type: ignore[union-attr]


def test_older_word_changes_nothing(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(file=file()))

    document_take(batch(node, formed_at=AT - timedelta(hours=1)), item(number="16", file=file(PDF + b"old")))

    paper = ReceivedDocument.objects.get()
    assert (paper.number, ReceivedFile.objects.count()) == ("17", 1)


def test_paper_of_an_unknown_client_waits_for_him(node: ExchangeNode, world: World) -> None:
    with pytest.raises(ItemWaits, match="не сопоставлен с юрлицом") as waits:
        document_take(batch(node), item(counterparty_ref=STRANGER))

    assert (waits.value.kind, waits.value.ref) == (ExternalKind.LEGAL_ENTITY, STRANGER)
    assert not ReceivedDocument.objects.exists()


def test_paper_that_waited_is_as_of_its_own_batch(node: ExchangeNode, world: World) -> None:
    """Not as of the batch that set it free: what 1C says in between is newer."""
    push = Push(Client(), node)
    told = {"ref": "act-1", "type": "act", "counterparty_ref": STRANGER}
    push.send("documents", [told], generated_at="2026-11-27T10:00:00+03:00")
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=STRANGER, object_id=world.entity.pk
    )

    push.send("partners", [partner()], generated_at="2026-11-27T12:00:00+03:00")
    push.send("documents", [told | {"number": "9"}], generated_at="2026-11-27T11:00:00+03:00")

    assert ReceivedDocument.objects.get().number == "9"


def test_paper_of_the_future_is_refused(node: ExchangeNode, world: World) -> None:
    told = {"ref": "act-1", "type": "act", "counterparty_ref": ENTITY, "as_of": "2126-11-27T14:05:00+03:00"}

    answer = Push(Client(), node).send("documents", [told])[1]

    error = "as_of: момент в будущем, проверьте часы базы 1С"
    assert answer["rejected"] == [{"ref": "act-1", "error": error}]
    assert not ReceivedDocument.objects.exists()


def test_deleted_paper_leaves_the_list_and_unknown_one_is_nobodys(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(ref="never", deleted=True))
    document_take(batch(node), item())
    document_take(batch(node), item(deleted=True))

    assert ReceivedDocument.objects.get().is_deleted
    assert not ReceivedDocument.objects.in_force().exists()


def test_order_that_comes_after_its_paper_is_found(node: ExchangeNode, world: World) -> None:
    work = batch(node)
    document_take(work, item(order_refs=["1c-order"]))
    assert "пока не найдены: 1c-order" in work.report.warnings[0]["text"]
    part = ordered(world, {0: "3"}, "300").parts.get()
    ExternalId.objects.create(
        node=node, kind=ExternalKind.ORDER_PART, external_id="1c-order", object_id=part.pk
    )

    assert (paper_orders_link(at=AT), paper_orders_link(at=AT)) == (1, 0)

    assert list(ReceivedDocument.objects.get().parts.all()) == [part]
    assert not PaperOrderRef.objects.exists()


def test_order_is_not_looked_for_for_ever(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(order_refs=["before-the-portal"]))

    assert paper_orders_link(at=AT + timedelta(days=31)) == 0

    assert not PaperOrderRef.objects.exists()


# --- files -------------------------------------------------------------------------------------------
def _zip(*names: str) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><x/>', "application/xml"),
        (_zip("a.pdf"), "application/zip"),
        (
            _zip("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (b"GIF89a", None),
        (b"MZ\x90", None),
        (b"<html><script>", None),
        (b"PK\x03\x04 cut", None),
        (b"", None),
    ],
)
def test_file_is_what_its_bytes_say(content: bytes, mime: str | None) -> None:
    assert paper_mime(content) == mime


def test_archive_of_too_many_names_is_not_read() -> None:
    listed = b"PK\x01\x02" + b"\0" * 42
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed) * 10_001, 4, 0)

    assert paper_mime(b"PK\x03\x04" + listed * 10_001 + end) is None


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"size": 3}, "размер файла"),
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"content_base64": "%%%"}, "не Base64"),
        (file(b"MZ\x90 program"), "файл не PDF"),
    ],
)
def test_file_that_is_not_what_was_announced_is_refused(
    node: ExchangeNode, world: World, told: dict[str, object], reason: str
) -> None:
    with pytest.raises(ItemRefused, match=reason):
        document_take(batch(node), item(file=file() | told))

    assert not ReceivedDocument.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"size": FILE_LIMIT + 1},
        {"size": 0},
        {"sha256": "zz"},
        {"url": ADDRESS},
        {"content_base64": None},
    ],
)
def test_senseless_file_is_refused_by_its_shape(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        item(file=file() | told)


@pytest.mark.parametrize("told", [{"type": "letter"}, {"counterparty_ref": ""}, {"request_ref": "17"}])
def test_senseless_paper_is_refused_by_its_shape(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        item(**told)


def test_paper_that_waited_is_read_as_it_was() -> None:
    told = item(file=file(), order_refs=["B0000001-1"], as_of="2026-11-27T14:05:00+03:00")

    assert DocumentItem.model_validate(told.model_dump(mode="json")) == told


# --- files by address ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://files.example.ru/1.pdf", "только по https"),
        ("https://other.example.ru/1.pdf", "нет в списке"),
        ("https://files.example.ru:8443/1.pdf", "нет в списке"),
        ("https://files.example.ru.evil.example/1.pdf", "нет в списке"),
        ("https://user:secret@files.example.ru/1.pdf", "имени и пароля"),
        ("https://169.254.169.254/latest", "нет в списке"),
        ("https:///1.pdf", "нет в списке"),
        ("https://files.example.ru:port/", "не адрес"),
        ("https://файлы..рф/", "не адрес"),
        ("file:///etc/passwd", "только по https"),
    ],
)
def test_only_listed_servers_are_asked(node: ExchangeNode, world: World, url: str, reason: str) -> None:
    node.file_hosts = "files.example.ru\nlocal.example:8443 10.1.0.0/16"
    work = batch(node)

    with pytest.raises(ItemRefused, match=reason):
        document_take(work, item(file=linked(url=url)))

    assert not ReceivedDocument.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://файлы.рф/1.pdf",
        ADDRESS,
        "https://FILES.example.ru/",
        "https://local.example:8443/a",
        "https://10.1.2.3/a",
    ],
)
def test_listed_servers_are_asked(url: str) -> None:
    assert url_checked(url, hosts="files.example.ru\nфайлы.рф local.example:8443 10.1.0.0/16")


@pytest.mark.parametrize(
    ("hosts", "strange"),
    [
        ("files.example.ru\nhost:8443\n10.0.0.5\n10.0.0.0/24\nfe80::/10\nфайлы.рф", []),
        ("https://files.example.ru/", ["https://files.example.ru/"]),
        ("files.example.ru/upd *.example.ru", ["*.example.ru", "files.example.ru/upd"]),
    ],
)
def test_line_that_names_no_server_is_told_of(hosts: str, strange: list[str]) -> None:
    assert hosts_strange(hosts) == strange


def test_listed_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def inside(*_args: object, **_kwargs: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("127.0.0.1", 443))]

    monkeypatch.setattr(fetching, "getaddrinfo", inside)

    with pytest.raises(FileRefused, match="ведёт на внутренний адрес"):
        file_fetch(ADDRESS, hosts="files.example.ru", limit=10)


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | Exception], list[str]]:
    """Stand in for the other server; the addresses that were asked are told."""

    def arrange(answer: bytes | Exception) -> list[str]:
        asked: list[str] = []

        def fetch(url: str, *, hosts: str, limit: int) -> bytes:
            asked.append(url)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("integrations.services.push.file_fetch.file_fetch", fetch)
        return asked

    return arrange


def listing(node: ExchangeNode) -> Work:
    node.file_hosts = "files.example.ru"
    node.save(update_fields=["file_hosts"])
    return batch(node)


def test_file_by_address_is_fetched_by_a_job(
    node: ExchangeNode, world: World, fetched: Callable[[bytes | Exception], list[str]]
) -> None:
    asked = fetched(PDF)
    document_take(listing(node), item(file=linked()))
    assert (asked, ReceivedDocument.objects.get().file) == ([], None)

    run_jobs()
    document_take(batch(node), item(file=linked()))
    run_jobs()

    paper = ReceivedDocument.objects.get()
    assert (asked, paper.awaited_sha256, paper.file_fault) == ([ADDRESS], "", "")
    assert paper.file is not None
    assert paper.file.size == len(PDF)


@pytest.mark.parametrize("answer", [b"%PDF-another", FileRefused("сервер с файлом ответил кодом 404")])
def test_file_that_will_not_come_is_told_of(
    node: ExchangeNode,
    world: World,
    fetched: Callable[[bytes | Exception], list[str]],
    answer: bytes | Exception,
) -> None:
    fetched(answer)
    document_take(listing(node), item(file=linked()))

    run_jobs()

    paper = ReceivedDocument.objects.get()
    assert (paper.file, paper.awaited_sha256) == (None, "")
    assert paper.file_fault
    assert Job.objects.get(handler__endswith="paper_file_fetch").state == "done"


def test_server_in_trouble_is_asked_again(
    node: ExchangeNode, world: World, fetched: Callable[[bytes | Exception], list[str]]
) -> None:
    fetched(FileUnavailable("код 503"))
    document_take(listing(node), item(file=linked()))

    run_jobs()

    job = Job.objects.get(handler__endswith="paper_file_fetch")
    assert (job.state, job.attempts, job.due_at > timezone.now()) == ("queued", 1, True)
    assert ReceivedDocument.objects.get().awaited_sha256


def test_file_that_is_awaited_no_more_is_left_alone(
    node: ExchangeNode, world: World, fetched: Callable[[bytes | Exception], list[str]]
) -> None:
    asked = fetched(PDF)
    document_take(listing(node), item(file=linked()))
    document_take(batch(node, formed_at=AT + timedelta(hours=1)), item(file=file(PDF + b"2")))

    run_jobs()

    assert asked == []
    assert ReceivedFile.objects.count() == 1


# --- ЭДО ---------------------------------------------------------------------------------------------
EDO = {
    "operator": "Диадок",
    "message_id": "m-1",
    "status": "delivered",
    "at": "2026-11-27T14:05:00+03:00",
}


def test_word_of_an_operator_is_kept_with_the_paper(node: ExchangeNode, world: World) -> None:
    signature = {"name": "Сидоров П. И.", "certificate": "01AB", "until": "12.01.2027"}

    document_take(batch(node), item(edo=EDO))
    document_take(batch(node), item(edo=EDO | {"status": "signed", "signatures": [signature]}))
    document_take(batch(node), item(edo=EDO | {"status": "received"}))

    (note,) = edo_notes(received=ReceivedDocument.objects.get())
    assert (note.operator, note.status, note.at) == ("Диадок", "signed", AT)
    assert note.signatures == ("Сидоров П. И., сертификат 01AB, действует до 12.01.2027",)


def test_message_of_another_paper_is_warned_of(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(edo=EDO))
    work = batch(node)

    document_take(work, item(ref="upd-18", number="18", edo=EDO))

    assert [note.status for note in edo_notes(received=ReceivedDocument.objects.get(number="17"))] == [
        "delivered"
    ]
    assert edo_notes(received=ReceivedDocument.objects.get(number="18")) == []
    assert "другого документа" in str(work.report)


@pytest.mark.parametrize(
    "told",
    [
        {"status": "eaten"},
        {"status": "draft"},
        {"at": "2026-11-27T14:05:00"},
        {"operator": ""},
        {"signatures": [{"certificate": "01AB"}]},
        {"reason": "п" * 501},
        {"more": 1},
    ],
)
def test_word_of_an_operator_must_be_spelt_right(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="edo"):
        item(edo=EDO | told)
