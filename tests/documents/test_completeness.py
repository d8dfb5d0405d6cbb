from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Notice
from accounts.notices import NoticeKind
from documents.handlers import tell_owed_papers
from documents.models import EdoMessage, RequiredPaper, SignedCopy
from documents.selectors.completeness import Standing, completeness_rows
from documents.services.completeness import owed_papers_tell
from documents.services.shipment_papers import shipment_papers_issue
from documents.states import DocumentKind, EdoStatus, ReceivedKind
from orders.models import ErpDocument
from portal.lib.dates import MOSCOW
from portal.outbox import PeriodStart
from tests.documents.received_papers import make_received
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of, make_person

LATER = TODAY + timedelta(days=20)


def requires(world: World, kind: ReceivedKind, *, signed: bool = False, own: bool = False) -> None:
    RequiredPaper.objects.create(
        organization=world.organization,
        holding=world.holding if own else None,
        kind=kind,
        needs_signed_copy=signed,
    )


def standings(world: World, *, on: date = LATER) -> list[list[tuple[str, str]]]:
    page = completeness_rows(actor=actor_of(world.head), on=on)
    return [[(cell.kind.value, cell.standing.value) for cell in row.cells] for row in page.rows]


def sign(world: World, paper: object) -> None:
    SignedCopy.objects.create(
        received=paper,
        file=paper.file,
        name="a.pdf",
        uploaded_by=world.buyer,
        uploaded_at=AT,  # type: ignore[attr-defined]
    )


def test_papers_are_missing_awaited_here_or_unsigned(world: World) -> None:
    requires(world, ReceivedKind.UPD, signed=True)
    requires(world, ReceivedKind.TRANSPORT)
    requires(world, ReceivedKind.CERTIFICATE)
    paper = make_shipment(world)
    order = paper.part.order

    early = standings(world, on=TODAY)
    upd = make_received(world.entity, order=order, number=paper.number)
    make_received(world.entity, order=order, number=paper.number, kind=ReceivedKind.TRANSPORT, content=b"")
    unsigned = standings(world)
    sign(world, upd)
    signed = standings(world)

    kinds = ("certificate", "transport", "upd")
    assert early == [[(kind, Standing.AWAITED) for kind in kinds]]
    told = (Standing.MISSING, Standing.AWAITED, Standing.UNSIGNED)
    assert unsigned == [list(zip(kinds, told, strict=True))]
    assert signed[0][2] == ("upd", Standing.HERE)


def test_upd_covers_delivery_note_and_factura_of_its_own_shipment_only(world: World, quick_pdf: None) -> None:
    requires(world, ReceivedKind.SHIPMENT)
    requires(world, ReceivedKind.FACTURA)
    portal_numbers(world.organization, DocumentKind.UPD)
    first = make_shipment(world)
    make_shipment(world, order=first.part.order, number="УТ-1043", day=TODAY - timedelta(days=1))
    shipment_papers_issue(paper_id=first.pk, at=AT)

    assert standings(world) == [
        [("factura", Standing.HERE), ("shipment", Standing.HERE)],
        [("factura", Standing.MISSING), ("shipment", Standing.MISSING)],
    ]


def test_rule_of_the_client_goes_before_the_common_one(world: World) -> None:
    requires(world, ReceivedKind.UPD)
    requires(world, ReceivedKind.UPD, signed=True, own=True)
    paper = make_shipment(world)
    make_received(world.entity, order=paper.part.order, number=paper.number)

    assert standings(world) == [[("upd", Standing.UNSIGNED)]]


def test_annulled_paper_of_1c_is_not_there(world: World) -> None:
    requires(world, ReceivedKind.UPD, signed=True)
    paper = make_shipment(world)
    upd = make_received(world.entity, order=paper.part.order, number=paper.number)
    found = []

    for status in (EdoStatus.SIGNED, EdoStatus.REVOKED):
        EdoMessage.objects.update_or_create(
            received=upd,
            operator="Диадок",
            defaults={"status": status, "status_at": AT, "created_at": AT},
        )
        found.append(standings(world))

    assert found == [[[("upd", Standing.HERE)]], [[("upd", Standing.MISSING)]]]


@pytest.mark.parametrize("count", [1, 3])
def test_board_takes_the_same_queries_for_any_number(
    client: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    requires(world, ReceivedKind.UPD, signed=True)
    for number in range(count):
        paper = make_shipment(world, number=f"УТ-{number}")
        sign(world, make_received(world.entity, order=paper.part.order, number=paper.number))
    actor = actor_of(world.head)

    with django_assert_num_queries(8):
        completeness_rows(actor=actor, on=LATER)


def test_board_shows_nothing_of_others_and_of_deleted(client: Client, world: World) -> None:
    requires(world, ReceivedKind.UPD)
    make_shipment(world, number="УТ-НАША")
    make_shipment(world, number="УТ-УДАЛЕНА")
    ErpDocument.objects.filter(number="УТ-УДАЛЕНА").update(is_deleted=True)
    colleague = make_person(world.holding, "buyer")
    found = {}

    for name, person in (
        ("head", world.head),
        ("manager", world.manager),
        ("colleague", colleague),
        ("other", world.other_buyer),
        ("other_manager", world.other_manager),
    ):
        client.force_login(person)
        text = client.get(reverse("documents:completeness")).content.decode()
        found[name] = ("УТ-НАША" in text, "УТ-УДАЛЕНА" in text, "Выписать" in text)

    assert found == {
        "head": (True, False, False),
        "manager": (True, False, True),
        "colleague": (False, False, False),
        "other": (False, False, False),
        "other_manager": (False, False, False),
    }


def test_reminder_tells_who_owes_what_once_a_week(world: World) -> None:
    requires(world, ReceivedKind.UPD, signed=True)
    requires(world, ReceivedKind.TRANSPORT)
    paper = make_shipment(world)
    make_received(world.entity, order=paper.part.order, number=paper.number)
    monday = AT.replace(year=2026, month=12, day=14, hour=0, tzinfo=MOSCOW)

    tell_owed_papers(PeriodStart(start=monday + timedelta(days=1)))
    on_tuesday = Notice.objects.count()
    for _repeat in range(2):
        tell_owed_papers(PeriodStart(start=monday))

    assert on_tuesday == 0
    told = Notice.objects.order_by("kind", "user_id").values_list("kind", "user_id")
    clients = sorted((world.buyer.pk, world.head.pk))
    assert [row for row in told if row[0] == NoticeKind.ORIGINALS_OWED] == [
        (NoticeKind.ORIGINALS_OWED, world.manager.pk)
    ]
    assert world.head.pk in {user for kind, user in told if kind == NoticeKind.PAPERS_OWED} <= set(clients)
    assert Notice.objects.filter(kind=NoticeKind.PAPERS_OWED).first().title == (  # type: ignore[union-attr]
        f"Ждем подписанные документы: {world.entity.name}, отгрузок 1"
    )


def test_nobody_is_told_where_all_is_complete(world: World) -> None:
    requires(world, ReceivedKind.UPD)
    paper = make_shipment(world)
    make_received(world.entity, order=paper.part.order, number=paper.number)

    assert owed_papers_tell(at=AT + timedelta(days=21)) == 0
    assert Notice.objects.count() == 0
