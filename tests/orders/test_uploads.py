"""Uploads: received, read anew, decided about, put into a cart."""

from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import Workbook
from pytest_django import DjangoAssertNumQueries

from catalog.index.reading import catalog_index
from catalog.models import City
from counterparties.actor import AccessDenied, Actor
from counterparties.models import ClientGroup, Contract, Holding
from orders.models import Cart, CartLine, ClientCode, RowState, Upload, UploadRow, UploadSource, UploadState
from orders.refusals import StockMasked, UploadChanged, UploadEmpty
from orders.services import uploads
from orders.services.codes import codes_of_upload_forget
from orders.services.upload_carts import upload_put, upload_save
from orders.services.upload_rows import Decision, upload_row_decide
from orders.services.uploads import upload_receive, upload_recognise, upload_reread, uploads_expire
from portal.files.services import private_storage
from portal.lib.tables import TableRefused
from portal.outbox.models import Job
from tests.factories import AT, World, actor_of, make_cart, make_city

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """A buyer who sends files for his firm."""

    world: World
    actor: Actor

    def send(self, text: str | bytes, *, name: str = "заказ.csv") -> Upload:
        content = text if isinstance(text, bytes) else text.encode("cp1251")
        return upload_receive(
            actor=self.actor,
            legal_entity_id=self.world.entity.pk,
            contract_id=self.world.contract.pk,
            city_id=self.world.city.pk,
            content=content,
            name=name,
            source=UploadSource.FILE,
            at=AT,
        )

    def decide(self, upload: Upload, position: int, decision: Decision) -> UploadRow:
        upload_row_decide(
            actor=self.actor,
            upload_uid=str(upload.uid),
            seen_round=upload.round,
            position=position,
            decision=decision,
            at=AT,
        )
        return upload.rows.get(position=position)

    def put(self, upload: Upload, *, cart_id: int | None = None, is_replacing: bool = False) -> Cart:
        return upload_put(
            actor=self.actor,
            upload_uid=str(upload.uid),
            seen_round=upload.round,
            cart_id=cart_id,
            is_replacing=is_replacing,
            at=AT,
        ).cart


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, actor_of(world.buyer))


def table(world: World, *quantities: int | str) -> str:
    rows = [f"{sku.article};{quantity}" for sku, quantity in zip(world.skus, quantities, strict=False)]
    return "\n".join(["Артикул;Кол-во", *rows])


def states(upload: Upload) -> list[str]:
    return list(upload.rows.order_by("position").values_list("state", flat=True))


def held(cart: Cart) -> dict[int, Decimal]:
    return dict(CartLine.objects.filter(cart=cart).values_list("sku_id", "quantity"))


def test_every_row_of_a_file_is_kept_in_one_of_the_five_states(world: World, desk: Desk) -> None:
    first, cable, book = (sku.article for sku in world.skus)

    upload = desk.send(
        f"Заказ № 5;;\n;;\nАртикул;Кол-во;Ед.\n{first};2,5;шт\n{cable};2,5;м\n{book};99;шт\n"
        f"нет такого;1;шт\n{first};ноль;шт\nИтого;4;"
    )

    assert (upload.state, upload.row_count, upload.rows_done) == (UploadState.READY, 9, 9)
    assert states(upload) == [
        "skipped", "skipped", "skipped", "choice", "ready", "short", "choice", "fault", "skipped",
    ]  # fmt: skip


def test_file_without_header_keeps_its_first_row(world: World, desk: Desk) -> None:
    upload = desk.send(f"{world.skus[0].article};1\n{world.skus[1].article};2")

    assert states(upload) == ["ready", "ready"]


def test_what_is_no_table_is_kept_with_its_reason(desk: Desk) -> None:
    upload = desk.send(b"%PDF-1.4\n%%EOF\n", name="скан.pdf")

    assert (upload.state, upload.fault) == (
        UploadState.FAILED,
        "Это не таблица: пришлите CSV, XLSX, XLS или ODS",
    )


def test_too_big_a_file_is_not_kept(desk: Desk) -> None:
    with pytest.raises(TableRefused, match="10 МБ"):
        desk.send(b"a" * 10_000_001)

    assert not Upload.objects.exists()


def test_viewer_and_read_only_may_not_send(world: World, desk: Desk) -> None:
    for actor in (actor_of(world.manager), replace(desk.actor, is_read_only=True)):
        with pytest.raises(AccessDenied):
            Desk(world, actor).send("a;1")


def test_contract_of_another_client_is_not_there(world: World, desk: Desk) -> None:
    with pytest.raises(Contract.DoesNotExist):
        upload_receive(
            actor=desk.actor,
            legal_entity_id=world.other_entity.pk,
            contract_id=world.other_contract.pk,
            city_id=world.city.pk,
            content=b"a;1",
            name="a.csv",
            source=UploadSource.FILE,
            at=AT,
        )


def test_long_file_is_left_to_a_worker_and_comes_out_whole(world: World, desk: Desk) -> None:
    rows = [f"{world.skus[0].article};1"] * 2_500
    upload = desk.send("\n".join(["Артикул;Кол-во", *rows]))
    assert (upload.state, upload.row_count, upload.rows.count()) == (UploadState.WAITING, 2_501, 0)
    assert Job.objects.filter(handler="orders.handlers.recognise_upload").count() == 1

    for _attempt in range(2):  # a job may come twice
        upload_recognise(upload_id=upload.pk, round_=0, at=AT)

    upload.refresh_from_db()
    assert (upload.state, upload.rows_done, upload.rows.count()) == (UploadState.READY, 2_501, 2_501)
    ready = upload.rows.filter(state=RowState.READY).count()
    assert (ready, upload.rows.filter(state=RowState.SHORT).count()) == (15, 2_485)  # 15 pieces are there


def test_job_of_an_older_reading_changes_nothing(world: World, desk: Desk) -> None:
    upload = desk.send("\n".join([f"{world.skus[0].article};1"] * 2_001))
    Upload.objects.update(round=1)

    upload_recognise(upload_id=upload.pk, round_=0, at=AT)

    assert not UploadRow.objects.exists()


def test_reading_anew_takes_the_columns_that_were_chosen(world: World, desk: Desk) -> None:
    upload = desk.send(f"1;{world.skus[0].article};7\n5;{world.skus[1].article};8")

    again = upload_reread(
        actor=desk.actor,
        upload_uid=str(upload.uid),
        seen_round=0,
        layout={"header": 0, "columns": {"code": 1, "quantity": 0}},
        at=AT,
    )

    quantities = again.rows.order_by("position").values_list("quantity", flat=True)
    assert (again.round, list(quantities)) == (1, [Decimal(1), Decimal(5)])
    with pytest.raises(UploadChanged):
        upload_reread(actor=desk.actor, upload_uid=str(upload.uid), seen_round=0, layout={}, at=AT)


def test_lost_file_is_told_and_not_an_error(world: World, desk: Desk) -> None:
    upload = desk.send(table(world, 1))
    private_storage().delete(upload.original.path)

    again = upload_reread(actor=desk.actor, upload_uid=str(upload.uid), seen_round=0, layout={}, at=AT)

    assert (again.state, again.fault) == (
        UploadState.FAILED,
        "Исходный файл повреждён: загрузите его ещё раз",
    )


def test_chosen_good_settles_a_row_and_those_like_it(world: World, desk: Desk) -> None:
    upload = desk.send("Код;Кол-во\nБ-1;1\nб 1;2\nВ-2;3")
    sku = world.skus[0]

    row = desk.decide(upload, 2, Decision(sku_id=sku.pk, to_same=True))

    assert (row.state, row.sku_id, row.found_by, row.is_settled) == ("ready", sku.pk, "hand", True)
    assert states(upload) == ["skipped", "ready", "ready", "choice"]


def test_remembered_code_spares_the_work_next_time_until_it_is_undone(world: World, desk: Desk) -> None:
    upload = desk.send("Код;Кол-во\nБ-1;1")
    desk.decide(upload, 2, Decision(sku_id=world.skus[0].pk, is_remembered=True))

    assert states(desk.send("Код;Кол-во\nб 1;4")) == ["skipped", "ready"]
    code = ClientCode.objects.get()
    assert (code.code, code.author_id, code.upload_id) == ("Б-1", world.buyer.pk, upload.pk)

    assert codes_of_upload_forget(actor=desk.actor, upload_uid=str(upload.uid), at=AT) == 1
    assert states(desk.send("Код;Кол-во\nб 1;4")) == ["skipped", "choice"]


def test_quantity_of_a_row_may_be_changed_and_all_that_is_there_taken(world: World, desk: Desk) -> None:
    upload = desk.send(table(world, "2,5", 3, 99))

    whole = desk.decide(upload, 2, Decision(quantity="3"))
    rest = desk.decide(upload, 4, Decision(takes_available=True))

    assert [(row.state, row.quantity) for row in (whole, rest)] == [
        ("ready", Decimal(3)),
        ("ready", Decimal(15)),
    ]


def test_what_is_there_is_not_taken_by_whom_it_is_not_told(world: World, desk: Desk) -> None:
    group = ClientGroup.objects.create(name="Розница", stock_mask="over10")
    Holding.objects.filter(pk=world.holding.pk).update(group=group)
    upload = desk.send(table(world, 99))

    with pytest.raises(StockMasked):
        desk.decide(upload, 2, Decision(takes_available=True))

    assert states(upload) == ["skipped", "short"]


def test_rows_are_passed_over_and_taken_up_again(world: World, desk: Desk) -> None:
    upload = desk.send(table(world, 1))

    assert desk.decide(upload, 2, Decision(is_skipped=True)).state == "skipped"
    assert desk.decide(upload, 2, Decision(is_reset=True)).state == "ready"


def test_ready_rows_go_into_the_cart_once(world: World, desk: Desk) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1})
    upload = desk.send(table(world, 2, 3) + f"\n{world.skus[0].article};4\nнет;1")

    cart = desk.put(upload)

    assert held(cart) == {world.skus[0].pk: Decimal(7), world.skus[1].pk: Decimal(3)}
    with pytest.raises(UploadChanged):
        desk.put(upload)
    assert held(cart) == {world.skus[0].pk: Decimal(7), world.skus[1].pk: Decimal(3)}


def test_cart_may_be_replaced(world: World, desk: Desk) -> None:
    make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 1, world.skus[2]: 1})

    cart = desk.put(desk.send(table(world, 2)), is_replacing=True)

    assert held(cart) == {world.skus[0].pk: Decimal(2)}


def test_nothing_ready_is_refused_and_changes_nothing(world: World, desk: Desk) -> None:
    upload = desk.send("Код;Кол-во\nнет;1")

    with pytest.raises(UploadEmpty):
        desk.put(upload)

    assert not Cart.objects.exists()


def test_cart_of_another_place_is_not_taken(world: World, desk: Desk) -> None:
    far: City = make_city("Омск")
    cart = make_cart(world.buyer, world.contract, far)

    with pytest.raises(Cart.DoesNotExist):
        desk.put(desk.send(table(world, 2)), cart_id=cart.pk)


def test_rows_are_kept_as_a_named_cart(world: World, desk: Desk) -> None:
    upload = desk.send(table(world, 2))

    saved = upload_save(actor=desk.actor, upload_uid=str(upload.uid), seen_round=0, name="Ноябрь", at=AT).cart

    assert (saved.name, saved.is_current, held(saved)) == ("Ноябрь", False, {world.skus[0].pk: Decimal(2)})


def test_upload_of_another_person_is_not_there(world: World, desk: Desk) -> None:
    upload = desk.send(table(world, 2))

    for person in (world.head, world.other_buyer):
        with pytest.raises(Upload.DoesNotExist):
            Desk(world, actor_of(person)).decide(upload, 2, Decision(is_skipped=True))
        with pytest.raises(Upload.DoesNotExist):
            Desk(world, actor_of(person)).put(upload)
    with pytest.raises(Upload.DoesNotExist):
        upload_reread(actor=desk.actor, upload_uid=str(uuid4()), seen_round=0, layout={}, at=AT)


def test_uploads_go_after_ninety_days_and_codes_stay(world: World, desk: Desk) -> None:
    upload = desk.send("Код;Кол-во\nБ-1;1")
    desk.decide(upload, 2, Decision(sku_id=world.skus[0].pk, is_remembered=True))

    assert uploads_expire(at=upload.expires_at.replace(microsecond=0)) == 1
    assert (UploadRow.objects.count(), ClientCode.objects.get().upload_id) == (0, None)


def test_book_keeps_articles_whole_numbers_plain_and_true_row_numbers(world: World, desk: Desk) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B4"], sheet["C4"] = "Артикул", "Кол-во"
    sheet["B5"], sheet["C5"] = world.skus[0].article, 10.0
    sheet["B7"], sheet["C7"] = "0012", 0.1 + 0.2
    file = BytesIO()
    book.save(file)

    upload = desk.send(file.getvalue(), name="заказ.xlsx")

    assert states(upload) == ["skipped"] * 4 + ["ready", "skipped", "choice"]
    row = upload.rows.get(position=7)
    assert (row.code, row.quantity_text) == ("0012", "0.3")


@pytest.mark.parametrize("rows", [1, 3])
def test_receiving_takes_the_same_queries_whatever_the_rows(
    world: World, desk: Desk, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    desk.send(table(world, 1, 1, 1))
    catalog_index()

    with django_assert_num_queries(26):
        upload = desk.send(table(world, *[2] * rows))

    assert states(upload) == ["skipped", *["ready"] * rows]


def test_last_try_that_breaks_leaves_a_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = desk.send("Код;Кол-во\n" + "Б-1;1\n" * 2_001)

    def broken(*_arguments: object, **_named: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(uploads, "rows_write", broken)
    with pytest.raises(OSError, match="disk"):
        upload_recognise(upload_id=upload.pk, round_=0, at=AT)
    upload.refresh_from_db()
    assert upload.state == UploadState.WAITING

    with pytest.raises(OSError, match="disk"):
        upload_recognise(upload_id=upload.pk, round_=0, at=AT, is_last_try=True)

    upload.refresh_from_db()
    assert (upload.state, upload.rows.count()) == (UploadState.FAILED, 0)
    assert upload.fault.startswith("Не получилось из-за ошибки портала")
