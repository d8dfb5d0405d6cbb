import hashlib
import io
import os
import time
import tracemalloc
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from counterparties.models import OrganizationSigner
from documents.archive.naming import Named, Names, WrongPattern, name_of, pattern_check
from documents.archive.papers import ArchiveScope
from documents.models import (
    ArchiveRule,
    Document,
    DocumentArchive,
    DocumentDownload,
    DocumentFile,
    ReceivedDocument,
    SignedCopy,
)
from documents.services import invoice_issue
from documents.services.archives import (
    ArchiveNotPossible,
    archive_ask,
    archive_fetch,
    archive_make,
    archive_rule_set,
)
from documents.services.shipment_papers import shipment_papers_issue
from documents.states import DocumentKind, FileRole, TaskState
from portal.files.services import private_storage, store
from portal.files.serving import open_file
from portal.outbox.models import Job
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of, make_person

YEAR = ArchiveScope(TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31), None, ())


@pytest.fixture
def paper(world: World, quick_pdf: None) -> Document:
    return invoice_issue(order_id=make_order(world).pk, at=AT)


def made(user: User, scope: ArchiveScope = YEAR) -> DocumentArchive:
    row = archive_ask(actor=actor_of(user), scope=scope, at=AT)
    archive_make(archive_id=row.pk, at=AT)
    row.refresh_from_db()
    return row


def opened(row: DocumentArchive) -> tuple[zipfile.ZipFile, list[tuple[object, ...]]]:
    assert row.file is not None
    with open_file(row.file) as stored:
        packed = zipfile.ZipFile(io.BytesIO(stored.read()))
    assert packed.testzip() is None
    sheet = load_workbook(io.BytesIO(packed.read("Реестр.xlsx"))).active
    assert sheet is not None
    return packed, list(sheet.iter_rows(values_only=True))


def test_archive_holds_papers_of_both_and_a_register(world: World, paper: Document) -> None:
    xml = store(content=b"<?xml version='1.0'?><a/>", name="a.xml", mime="application/xml")
    DocumentFile.objects.create(document=paper, role=FileRole.XML, name="a.xml", file=xml, added_at=AT)
    received = make_received(world.entity, order=make_order(world), content=b"%PDF-1.7 of 1C")
    bare = make_received(world.entity, order=make_order(world), content=b"", number="18")
    invoice_issue(order_id=make_order(world, contract=world.other_contract).pk, at=AT)

    row = made(world.head)

    packed, rows = opened(row)
    inn = world.entity.inn
    ours = f"2026-11-23 Счет на оплату 1 {inn}"
    assert (row.state, row.papers_total, row.papers_done) == (TaskState.READY, 3, 3)
    assert packed.namelist()[:2] == [f"{ours}.pdf", "a.xml"]
    assert len(packed.namelist()) == 4
    assert packed.read("a.xml") == b"<?xml version='1.0'?><a/>"
    assert rows[1][:2] == ("1", rows[1][1])
    assert (rows[1][3], rows[1][4], float(str(rows[1][5])), float(str(rows[1][6]))) == (
        world.entity.name,
        inn,
        106555.13,
        19182.67,
    )
    assert rows[1][11] == paper.file.sha256
    assert [line[10] for line in rows[1:]].count("файла нет") == 1
    assert len(rows) == 5
    downloads = DocumentDownload.objects.filter(user=world.head)
    assert set(downloads.values_list("document_id", "received_id")) == {
        (paper.pk, None),
        (None, received.pk),
    }
    assert not downloads.filter(received=bare).exists()


def test_archive_holds_signatures_protocols_marked_prints_and_signed_copies(
    world: World, paper: Document
) -> None:
    beside = {
        "b0.sig": (FileRole.SIGNATURE, b"\x30\x82 cades", "application/octet-stream"),
        "protocol.pdf": (FileRole.PROTOCOL, b"%PDF-1.7 protocol", "application/pdf"),
        "mark.pdf": (FileRole.PRINT, b"%PDF-1.7 mark", "application/pdf"),
        "own.xlsx": (FileRole.XLSX, b"PK", "application/vnd.ms-excel"),
    }
    for name, (role, content, mime) in beside.items():
        file = store(content=content, name=name, mime=mime)
        DocumentFile.objects.create(document=paper, role=role, name=name, file=file, added_at=AT)
    told = {"uploaded_by": world.head, "uploaded_at": AT, "name": "scan.pdf"}
    ours, theirs = (
        store(content=b"%PDF-1.7 " + of, name="s.pdf", mime="application/pdf") for of in (b"1", b"2")
    )
    received = make_received(world.entity, content=b"", number="18")
    SignedCopy.objects.create(document=paper, file=ours, **told)
    SignedCopy.objects.create(received=received, file=theirs, **told)

    packed, rows = opened(made(world.head))

    base, inn = f"2026-11-23 Счет на оплату 1 {world.entity.inn}", world.entity.inn
    assert packed.namelist() == [
        f"{base}.pdf",
        f"{base} подпись.sig",
        f"{base} протокол.pdf",
        f"{base} с отметкой ЭДО.pdf",
        f"{base} подписанный.pdf",
        f"2026-11-24 УПД 18 {inn} подписанный.pdf",
        "Реестр.xlsx",
    ]
    assert packed.read(f"{base} подпись.sig") == b"\x30\x82 cades"
    assert [row[10] for row in rows[1:]] == packed.namelist()[:-1]


def test_exchange_file_of_1c_keeps_its_prescribed_name(client: Client, world: World) -> None:
    own = "ON_NSCHFDOPPR_2BM-1_2BM-2_20261120_60df91df-fe10-5273-9571-49371c223dbd_0_0_0_0_0_00"
    xml = f'<?xml version="1.0" encoding="windows-1251"?><Файл ИдФайл="{own}"/>'.encode("cp1251")
    named = make_received(world.entity, number="17", content=xml, mime="application/xml")
    odd = '<?xml version="1.0" encoding="utf-8"?><Файл ИдФайл="../x"/>'.encode()
    make_received(world.entity, number="18", content=odd, mime="application/xml")
    client.force_login(world.head)

    packed, _rows = opened(made(world.head))

    inn = world.entity.inn
    assert packed.namelist() == [f"{own}.xml", f"2026-11-24 УПД 18 {inn}.xml", "Реестр.xlsx"]
    for page in ("documents:received", "documents:xml"):
        answer = client.get(reverse(page, args=[named.uid]))
        assert f'{own}.xml"' in answer["Content-Disposition"], page
        assert answer.getvalue() == xml  # a streamed file is closed at its end


def test_archive_is_of_what_the_person_may_see_when_it_is_made(world: World, paper: Document) -> None:
    clerk = make_person(world.holding, "accountant")
    row = archive_ask(actor=actor_of(clerk), scope=YEAR, at=AT)
    clerk.memberships.update(valid_until=TODAY - timedelta(days=1))

    archive_make(archive_id=row.pk, at=AT)

    row.refresh_from_db()
    assert (row.state, row.fault) == (TaskState.FAILED, "Доступа к документам этого клиента больше нет.")
    assert DocumentDownload.objects.count() == 0


def test_manager_packs_papers_of_his_clients_only(world: World, paper: Document) -> None:
    invoice_issue(order_id=make_order(world, contract=world.other_contract).pk, at=AT)

    row = made(world.manager)

    assert (row.holding_id, row.papers_total) == (None, 1)


def test_second_click_waits_for_the_same_archive(world: World, paper: Document) -> None:
    first = archive_ask(actor=actor_of(world.head), scope=YEAR, at=AT)

    second = archive_ask(actor=actor_of(world.head), scope=YEAR, at=AT + timedelta(minutes=1))

    assert second == first
    assert Job.objects.filter(handler="documents.handlers.make_archive").count() == 1


def test_archive_that_was_lost_gives_way_to_a_new_one(world: World, paper: Document) -> None:
    lost = archive_ask(actor=actor_of(world.head), scope=YEAR, at=AT)

    new = archive_ask(actor=actor_of(world.head), scope=YEAR, at=AT + timedelta(hours=2))

    lost.refresh_from_db()
    assert (lost.state, new.state) == (TaskState.FAILED, TaskState.QUEUED)


def test_repeat_makes_no_second_file_and_notes_nothing_twice(world: World, paper: Document) -> None:
    row = made(world.head)
    file_id = row.file_id

    archive_make(archive_id=row.pk, at=AT + timedelta(minutes=5))

    row.refresh_from_db()
    assert row.file_id == file_id
    assert DocumentDownload.objects.count() == 1


@pytest.mark.parametrize(
    ("since", "until", "reason"),
    [(TODAY - timedelta(days=400), TODAY, "не длиннее года"), (TODAY - timedelta(days=9),) * 2 + ("нет",)],
)
def test_archive_of_nothing_or_too_much_is_refused(
    world: World, paper: Document, since: object, until: object, reason: str
) -> None:
    scope = ArchiveScope(since, until, None, ())  # type: ignore[arg-type]

    with pytest.raises(ArchiveNotPossible, match=reason):
        archive_ask(actor=actor_of(world.head), scope=scope, at=AT)

    assert (DocumentArchive.objects.count(), Job.objects.filter(queue="documents").count()) == (0, 0)


def test_damaged_file_is_named_in_the_register(world: World, paper: Document) -> None:
    Path(private_storage().path(paper.file.path)).write_bytes(b"%PDF" + b"x" * (paper.file.size - 4))

    row = made(world.head)

    packed, rows = opened(row)
    assert packed.namelist() == ["Реестр.xlsx"]
    assert rows[1][10] == "файл поврежден"
    assert row.fault == "Поврежденных файлов: 1, они названы в реестре."


def test_archive_is_fetched_by_whoever_asked(client: Client, world: World, paper: Document) -> None:
    row = made(world.head)

    for person, status in ((world.head, 200), (world.buyer, 404), (world.other_buyer, 404)):
        client.force_login(person)
        response = client.get(reverse("documents:archive_file", args=[row.uid]))
        assert response.status_code == status
        if response.streaming:
            response.getvalue()
    with pytest.raises(DocumentArchive.DoesNotExist):
        archive_fetch(uid=row.uid, actor=actor_of(world.manager))


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("{date} {kind} {number} {inn}", "2026-11-20 УПД ОК1042_3 7805123456"),
        ("{firm}/{number}", "ООО «А _ Б» .._ОК1042_3".replace(" .._", "_")),
        ("..\\..\\{number}\n", "_.._ОК1042_3"),
        ("{number}  {{x}}", "ОК1042_3 {x}"),
    ],
)
def test_name_follows_the_pattern_and_leaves_its_folder_for_nothing(pattern: str, name: str) -> None:
    facts = Named(
        date=TODAY.replace(day=20), kind="УПД", number="ОК1042/3", inn="7805123456", firm="ООО «А / Б»"
    )

    assert name_of(pattern, facts) == name


@pytest.mark.parametrize(
    "pattern",
    ["{secret}", "{number.__class__}", "{number:>9999999}", "{number!r}", "{number", "{0}", "{}", "УПД"],
)
def test_wrong_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(WrongPattern):
        pattern_check(pattern)


def test_devices_and_long_names_are_no_trouble() -> None:
    facts = Named(date=TODAY, kind="x", number="con", inn="1", firm="Ж" * 500)

    assert name_of("{number}", facts) == "_con"
    assert len(name_of("{number} {firm}", facts).encode()) < 240


def test_same_names_get_numbers() -> None:
    names = Names()

    assert [names.free(name, "pdf") for name in ("УПД 1", "упд 1", "УПД 1", "УПД 1 (2)")] == [
        "УПД 1.pdf",
        "упд 1 (2).pdf",
        "УПД 1 (3).pdf",
        "УПД 1 (2) (2).pdf",
    ]


def test_names_that_differ_in_how_letters_are_made_are_one() -> None:
    names = Names()

    assert [names.free(name, "pdf") for name in ("Й", "\u0418\u0306", "Й (2)", "Й")] == [
        "Й.pdf",
        "Й (2).pdf",
        "Й (2) (2).pdf",
        "Й (3).pdf",
    ]


def test_thousands_of_one_name_are_named_at_once() -> None:
    names, began = Names(), time.monotonic()

    last = [names.free("без номера", "pdf") for _number in range(20_000)][-1]

    assert (last, time.monotonic() - began < 2) == ("без номера (20000).pdf", True)


def test_day_that_no_zip_knows_is_no_trouble(world: World, paper: Document) -> None:
    """A year that was mistyped in 1C."""
    day = TODAY.replace(year=2206)
    received = make_received(world.entity, order=make_order(world), content=b"%PDF-1.7 of 1C")
    ReceivedDocument.objects.filter(pk=received.pk).update(date=day)

    row = made(world.head, ArchiveScope(day, day, None, ()))

    assert (row.state, row.papers_total) == (TaskState.READY, 1)


def test_rule_that_cannot_be_kept_is_refused(client: Client, world: World) -> None:
    client.force_login(world.head)

    response = client.post(reverse("documents:archive_rule"), {"pattern": "{number}\0"})

    assert response.status_code == 302
    assert not ArchiveRule.objects.exists()


def test_rule_is_of_the_client_and_shows_an_example(client: Client, world: World, paper: Document) -> None:
    client.force_login(world.head)
    page = reverse("documents:archives")

    typed = client.get(page, {"pattern": "{number} от {date}"}).content.decode()
    wrong = client.get(page, {"pattern": "{secret}"}).content.decode()
    client.post(reverse("documents:archive_rule"), {"pattern": "{number} от {date}"})
    client.post(reverse("documents:archive_rule"), {"pattern": "{secret}"})

    assert "ОК1042_3 от 2026-11-20.pdf" in typed
    assert "Поля {secret} нет" in wrong
    assert list(ArchiveRule.objects.values_list("holding_id", "pattern")) == [
        (world.holding.pk, "{number} от {date}")
    ]
    assert opened(made(world.head))[0].namelist()[0] == "1 от 2026-11-23.pdf"


def test_page_asks_for_an_archive_and_shows_it(client: Client, world: World, paper: Document) -> None:
    client.force_login(world.head)
    page = reverse("documents:archives")

    wrong = client.post(page, {"since": "2026-11-30", "until": "2026-11-01"})
    asked = client.post(page, {"since": "2026-11-01", "until": "2026-11-30", "kinds": ["invoice"]})
    making = client.get(reverse("documents:archive_state")).content.decode()
    row = DocumentArchive.objects.get()
    archive_make(archive_id=row.pk, at=AT)
    ready = client.get(page).content.decode()

    assert (wrong.status_code, asked.status_code) == (422, 302)
    assert "собрано 0 из 1" in making
    assert "every 1s" in making
    assert reverse("documents:archive_file", args=[row.uid]) in ready
    assert "every 1s" not in ready


def test_rule_of_another_client_is_not_touched(world: World, paper: Document) -> None:
    archive_rule_set(actor=actor_of(world.head), pattern="{number}", at=AT)

    assert opened(made(world.manager))[0].namelist()[0].startswith("2026-11-23")


def test_exchange_file_is_built_for_a_paper_that_was_not_sent(world: World, quick_pdf: None) -> None:
    portal_numbers(world.organization, DocumentKind.UPD)
    for role in ("head", "accountant"):
        OrganizationSigner.objects.create(
            organization=world.organization,
            role=role,
            position="Директор",
            surname="Волков",
            name="Петр",
            patronymic="Сергеевич",
            valid_from=TODAY - timedelta(days=300),
        )
    shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)

    packed, rows = opened(made(world.head))

    pdf, xml, _register = packed.namelist()
    assert pdf.startswith("2026-11-23 УПД 1 ")
    assert xml.startswith("ON_NSCHFDOPPR_")
    assert rows[2][10:] == (xml, hashlib.sha256(packed.read(xml)).hexdigest())
    assert b"98370.00" in packed.read(xml)


@pytest.mark.sweep
def test_five_thousand_papers_take_no_more_memory_than_fifty(world: World, quick_pdf: None) -> None:
    """Peak of Python's memory while packing; the bytes lie on disk."""
    file = store(content=b"%PDF-1.7" + os.urandom(20_000), name="a.pdf", mime="application/pdf")

    def peak(count: int) -> int:
        ReceivedDocument.objects.bulk_create(
            ReceivedDocument(
                kind="upd",
                number=f"{number}",
                date=TODAY,
                total=1,
                legal_entity=world.entity,
                file=file,
                received_at=AT,
                as_of=AT,
            )
            for number in range(count)
        )
        tracemalloc.start()
        row = made(world.administrator)
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert row.papers_total == ReceivedDocument.objects.count()
        return most

    few, many = peak(50), peak(4950)

    print(f"peak of 50 papers {few / 1e6:.1f} MB, of 5,000 {many / 1e6:.1f} MB")
    assert many < few + 15_000_000
