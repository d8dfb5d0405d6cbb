"""Making price lists in the background: once, whatever happens on the way."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db.models import F

from accounts.notices import NoticeKind
from accounts.services.letters import letters_refuse, unsubscribe_address
from counterparties.actor import AccessDenied, Actor
from counterparties.merging import Absorption, Relocation
from documents.merging import DocumentRows
from documents.models import PriceListFile, PriceListProfile
from documents.price_lists.options import ListOptions, WrongOptions
from documents.services import price_list_files as services
from documents.services.price_list_files import (
    price_list_ask,
    price_list_by_link,
    price_list_make,
    price_lists_due,
)
from documents.services.price_list_letters import price_list_mail
from documents.services.price_lists import (
    ListPlace,
    TooManyPriceLists,
    price_list_change,
    price_list_create,
    price_list_link_make,
    price_list_remove,
    price_list_schedule,
)
from documents.states import ListFormat
from portal.files.models import StoredFile
from portal.files.serving import open_file
from portal.lib.dates import MOSCOW
from portal.outbox.models import Job
from portal.outbox.runner import run
from tests.factories import AT, World, actor_of, make_contract, make_legal_entity

MAKE, SEND = "documents.handlers.make_price_list", "documents.handlers.send_price_list"
MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=MOSCOW)


def ask(buyer: Actor, profile: PriceListProfile, at: datetime = AT) -> PriceListFile:
    return price_list_ask(actor=buyer, uid=profile.uid, at=at)


def fresh(row: PriceListFile) -> PriceListFile:
    return PriceListFile.objects.get(pk=row.pk)


@pytest.mark.django_db(transaction=True)
def test_job_makes_the_file_and_tells_how_far_it_was(buyer: Actor, profile: PriceListProfile) -> None:
    row = ask(buyer, profile)

    run(Job.objects.get(handler=MAKE).pk)

    made = fresh(row)
    assert (made.state, made.rows_total, made.rows_done) == ("ready", 3, 3)
    assert made.file is not None
    assert Job.objects.get(handler=MAKE).state == "done"
    assert not Job.objects.filter(handler=SEND).exists()


@pytest.mark.django_db(transaction=True)
def test_killed_job_that_is_tried_again_makes_one_file(
    buyer: Actor, profile: PriceListProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(buyer, profile)
    job = Job.objects.get(handler=MAKE)
    whole = services.write_price_list

    def killed(*arguments: object) -> int:
        whole(*arguments)  # type: ignore[arg-type]
        Job.objects.filter(pk=job.pk).update(
            attempts=F("attempts") + 1
        )  # its lease ran out: another one works
        return 3

    monkeypatch.setattr(services, "write_price_list", killed)
    run(job.pk)
    assert (fresh(row).state, StoredFile.objects.count()) == ("queued", 0)
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(state="queued", lease_until=None)

    run(job.pk)
    price_list_make(file_id=row.pk, at=AT)

    assert fresh(row).state == "ready"
    assert (PriceListFile.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_asking_twice_asks_once(buyer: Actor, profile: PriceListProfile) -> None:
    assert ask(buyer, profile).pk == ask(buyer, profile, AT + timedelta(minutes=1)).pk
    assert Job.objects.filter(handler=MAKE).count() == 1


def test_lost_file_does_not_stand_in_the_way(buyer: Actor, profile: PriceListProfile) -> None:
    lost = ask(buyer, profile)

    again = ask(buyer, profile, AT + timedelta(hours=2))

    assert again.pk != lost.pk
    assert (fresh(lost).state, fresh(lost).fault) == (
        "failed",
        "Подготовка прервалась. Запустите её ещё раз.",
    )


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("dismissed", "Нет доступа к юрлицу, для которого настроен прайс-лист."),
        ("closed", "Договор больше не действует. Создайте прайс-лист для другого договора."),
        ("city", "Город больше не обслуживается. Создайте прайс-лист для другого города."),
        ("nothing", "По этим условиям в городе нет ни одного товара."),
    ],
)
def test_what_a_person_can_mend_is_said(
    world: World, buyer: Actor, profile: PriceListProfile, end: str, reason: str
) -> None:
    row = ask(buyer, profile)
    if end == "dismissed":
        world.buyer.memberships.update(is_active=False)
    elif end == "closed":
        type(world.contract).objects.filter(pk=world.contract.pk).update(state="closed")
    elif end == "city":
        type(world.city).objects.filter(pk=world.city.pk).update(is_active=False)
    else:
        profile.options = ListOptions(brands=(999,)).as_json()
        profile.save(update_fields=["options"])

    price_list_make(file_id=row.pk, at=AT)

    assert (fresh(row).state, fresh(row).fault) == ("failed", reason)


def test_what_breaks_is_told_after_the_last_try_only(
    buyer: Actor, profile: PriceListProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = ask(buyer, profile)

    def broken(*_arguments: object) -> int:
        raise OSError("no space left")

    monkeypatch.setattr(services, "write_price_list", broken)

    with pytest.raises(OSError, match="no space"):
        price_list_make(file_id=row.pk, at=AT)
    assert fresh(row).state == "queued"
    with pytest.raises(OSError, match="no space"):
        price_list_make(file_id=row.pk, at=AT, is_last_try=True)
    assert (fresh(row).state, fresh(row).fault[:12]) == ("failed", "Не получилос")


def test_removed_list_leaves_nothing_to_make(buyer: Actor, profile: PriceListProfile) -> None:
    row = ask(buyer, profile)
    price_list_remove(actor=buyer, uid=profile.uid)

    price_list_make(file_id=row.pk, at=AT)

    assert (PriceListFile.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_ten_newest_files_are_kept(buyer: Actor, profile: PriceListProfile) -> None:
    made = []
    for number in range(12):
        row = ask(buyer, profile, AT + timedelta(minutes=number))
        price_list_make(file_id=row.pk, at=AT + timedelta(minutes=number))
        made.append(row.pk)

    assert sorted(profile.files.values_list("pk", flat=True)) == made[2:]


@pytest.mark.django_db(transaction=True)
def test_list_goes_out_by_mail_at_its_hour(world: World, buyer: Actor, profile: PriceListProfile) -> None:
    price_list_schedule(actor=buyer, uid=profile.uid, weekday=0, hour=9)

    counts = [price_lists_due(at=MONDAY_NINE + timedelta(hours=hour)) for hour in (-1, 0, 0, 1, 24)]
    run(Job.objects.get(handler=MAKE).pk)
    run(Job.objects.get(handler=SEND).pk)

    (letter,) = mail.outbox
    assert counts == [0, 1, 1, 0, 0]
    assert letter.to == [world.buyer.email]
    assert letter.subject.startswith("Прайс-лист «Крепёж» на ")
    assert letter.attachments[0][0].startswith("Крепёж, ")
    assert letter.attachments[0][1][:2] == b"PK"
    assert f"/documents/price-lists/{profile.uid}/" in letter.body


@pytest.mark.django_db(transaction=True)
def test_letter_can_be_refused_and_wanted_again(
    world: World, buyer: Actor, profile: PriceListProfile
) -> None:
    price_list_schedule(actor=buyer, uid=profile.uid, weekday=0, hour=9)
    price_lists_due(at=MONDAY_NINE)
    run(Job.objects.get(handler=MAKE).pk)
    letters_refuse(
        token=unsubscribe_address(world.buyer, [NoticeKind.PRICE_LIST]).rstrip("/").rpartition("/")[2]
    )

    run(Job.objects.get(handler=SEND).pk)
    assert mail.outbox == []

    price_list_schedule(actor=buyer, uid=profile.uid, weekday=0, hour=9)
    file = profile.files.get()
    assert price_list_mail(file_id=file.pk, at=MONDAY_NINE, key="again") == 1
    assert mail.outbox[0].message()["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.django_db(transaction=True)
def test_letter_is_not_sent_to_who_has_left(world: World, buyer: Actor, profile: PriceListProfile) -> None:
    price_list_schedule(actor=buyer, uid=profile.uid, weekday=0, hour=9)
    price_lists_due(at=MONDAY_NINE)
    run(Job.objects.get(handler=MAKE).pk)
    world.buyer.memberships.update(is_active=False)

    run(Job.objects.get(handler=SEND).pk)

    assert mail.outbox == []


def test_list_with_a_link_is_made_at_night(buyer: Actor, profile: PriceListProfile) -> None:
    price_list_link_make(actor=buyer, uid=profile.uid, at=AT)

    counts = [price_lists_due(at=MONDAY_NINE.replace(hour=hour)) for hour in range(24)]

    assert counts == [0, 0, 0, 0, 1] + [0] * 19
    assert list(profile.files.values_list("state", "is_mailed")) == [("queued", False)]


def test_foreign_contract_is_not_found(world: World, buyer: Actor) -> None:
    place = ListPlace(contract_id=world.other_contract.pk, city_id=world.city.pk)

    with pytest.raises(type(world.contract).DoesNotExist):
        price_list_create(actor=buyer, place=place, name="Чужой", options=ListOptions(), at=AT)

    assert PriceListProfile.objects.count() == 0


def test_nobody_has_lists_without_end(
    world: World, buyer: Actor, profile: PriceListProfile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("documents.services.price_lists.MOST_PROFILES", 1)
    place = ListPlace(contract_id=world.contract.pk, city_id=world.city.pk)

    with pytest.raises(TooManyPriceLists):
        price_list_create(actor=buyer, place=place, name="Ещё", options=ListOptions(), at=AT)

    assert PriceListProfile.objects.count() == 1


def test_employee_and_stranger_ask_for_nothing(world: World, profile: PriceListProfile) -> None:
    with pytest.raises(AccessDenied):
        ask(actor_of(world.manager), profile)
    for person in (world.head, world.other_buyer):
        with pytest.raises(PriceListProfile.DoesNotExist):
            ask(actor_of(person), profile)

    assert PriceListFile.objects.count() == 0


def test_manager_inside_the_cabinet_works_as_the_client(world: World, profile: PriceListProfile) -> None:
    row = ask(actor_of(world.buyer, impersonator=world.manager), profile)

    assert fresh(row).profile_id == profile.pk


def test_options_come_back_as_they_were_kept() -> None:
    options = ListOptions(sections=(3, 1), brands=(2,), is_grouped=False)

    assert ListOptions.from_json(options.as_json()) == options
    assert ListOptions.from_json({}) == ListOptions()


@pytest.mark.parametrize(
    "kept",
    [
        {"sections": ["1"]},
        {"sections": 1},
        {"sections": [True]},
        {"brands": [-1]},
        {"columns": ["none"]},
        {"format": "exe"},
        {"encoding": "koi8"},
        {"is_grouped": "yes"},
    ],
)
def test_wrong_options_are_refused(kept: dict[str, object]) -> None:
    with pytest.raises(WrongOptions):
        ListOptions.from_json(kept)


def test_price_list_follows_its_firm_into_another_one(world: World, profile: PriceListProfile) -> None:
    target = make_legal_entity(world.holding)
    twin = make_contract(target, number=world.contract.number)

    DocumentRows().absorb(
        Absorption(
            source_id=world.entity.pk,
            target_id=target.pk,
            source_name=world.entity.name,
            contracts={world.contract.pk: twin.pk},
            at=AT,
        )
    )

    profile.refresh_from_db()
    assert (profile.legal_entity_id, profile.contract_id) == (target.pk, twin.pk)


def test_price_list_of_a_firm_that_changes_hands_is_not_made_for_strangers(
    world: World, buyer: Actor, profile: PriceListProfile
) -> None:
    row = ask(buyer, profile)
    world.entity.holding = world.other_holding
    world.entity.save(update_fields=["holding"])
    DocumentRows().relocate(
        Relocation(frozenset({world.entity.pk}), world.other_holding.pk, left_id=world.holding.pk)
    )

    price_list_make(file_id=row.pk, at=AT)

    assert (fresh(row).state, fresh(row).fault[:10]) == ("failed", "Нет доступ")
    assert PriceListProfile.objects.visible_to(buyer).count() == 0


def test_list_that_is_changed_while_it_waits_is_made_anew_as_it_is_now(
    buyer: Actor, profile: PriceListProfile
) -> None:
    old = ask(buyer, profile)
    price_list_change(
        actor=buyer,
        uid=profile.uid,
        name="Крепёж",
        options=ListOptions(format=ListFormat.CSV),
        at=AT + timedelta(minutes=1),
    )
    price_list_make(file_id=old.pk, at=AT)
    made = fresh(old)
    assert made.file is not None
    with open_file(made.file) as stored:
        assert (made.format, stored.read(2)) == ("xlsx", b"PK")

    waiting = ask(buyer, profile, AT + timedelta(minutes=2))
    price_list_change(
        actor=buyer, uid=profile.uid, name="Крепёж", options=ListOptions(), at=AT + timedelta(minutes=3)
    )

    assert ask(buyer, profile, AT + timedelta(minutes=4)).format == "xlsx"
    assert not PriceListFile.objects.filter(pk=waiting.pk).exists()


def test_link_asks_anew_once_the_list_is_changed(buyer: Actor, profile: PriceListProfile) -> None:
    token = price_list_link_make(actor=buyer, uid=profile.uid, at=AT)
    row = ask(buyer, profile)
    price_list_make(file_id=row.pk, at=AT)
    price_list_change(
        actor=buyer, uid=profile.uid, name="Крепёж", options=ListOptions(), at=AT + timedelta(minutes=1)
    )

    assert price_list_by_link(token=token, at=AT + timedelta(minutes=2)) == row
    assert PriceListFile.objects.filter(state="queued").count() == 1
