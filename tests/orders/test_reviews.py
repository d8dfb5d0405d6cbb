"""Reviews: who may write one, how it comes to be shown, and what is told of its author."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import IndexTouch
from counterparties.actor import AccessDenied
from counterparties.permissions import ReadyRole
from orders.models import Order, Review
from orders.refusals import NotBought, ReasonMissing, ReviewWritten
from orders.selectors.reviews import own_review, purchase_of, review_page
from orders.services.reviews import review_reply, review_write, reviews_publish, reviews_reject
from orders.states import OrderState, ReviewState
from tests.factories import AT, World, actor_of, make_contract, make_legal_entity, make_person
from tests.orders.past import make_order

pytestmark = pytest.mark.django_db

WORDS: dict[str, Any] = {"rating": 4, "text": "Держит.", "pros": "Цинк", "cons": ""}


@pytest.fixture
def order(world: World) -> Order:
    return make_order(world.buyer, world.contract, world, {world.skus[0]: 1})


@pytest.fixture
def buyer(world: World) -> Client:
    return browser(world.buyer)


@pytest.fixture
def administrator(world: World) -> Client:
    return browser(world.administrator)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def write(user: User, world: World, **words: Any) -> Review:
    return review_write(actor=actor_of(user), product_id=world.skus[0].product_id, at=AT, **(WORDS | words))


def publish(world: World, *reviews: Review) -> int:
    ids = [review.pk for review in reviews]
    return reviews_publish(review_ids=ids, actor=actor_of(world.administrator), at=AT)


def page_of(client: Client, world: World) -> str:
    return client.get(reverse("catalog:product", args=[world.skus[0].product_id])).content.decode()


# --- writing --------------------------------------------------------------------------------------
def test_buyer_writes_and_it_waits(world: World, order: Order) -> None:
    review = write(world.buyer, world)

    review.refresh_from_db()
    assert (review.state, review.rating, review.text, review.pros, review.cons) == (
        "pending", 4, "Держит.", "Цинк", "",
    )  # fmt: skip
    assert (review.author, review.order, review.created_at, review.published_at) == (
        world.buyer, order, AT, None,
    )  # fmt: skip


def test_colleague_of_the_buyer_writes_too_and_another_client_does_not(world: World, order: Order) -> None:
    write(world.head, world)

    with pytest.raises(NotBought):
        write(world.other_buyer, world)
    assert Review.objects.count() == 1


def test_order_of_a_legal_entity_out_of_reach_is_no_purchase(world: World, order: Order) -> None:
    second = make_legal_entity(world.holding)
    make_contract(second)
    stranger = make_person(world.holding, ReadyRole.BUYER, legal_entities=[second])

    assert purchase_of(actor=actor_of(stranger), product_id=world.skus[0].product_id) is None
    with pytest.raises(NotBought):
        write(stranger, world)


def test_cancelled_order_and_another_product_are_no_purchase(world: World, order: Order) -> None:
    actor = actor_of(world.buyer)
    assert purchase_of(actor=actor, product_id=world.skus[1].product_id) is None
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)

    with pytest.raises(NotBought):
        write(world.buyer, world)
    assert not Review.objects.exists()


def test_second_review_of_a_person_is_refused(world: World, order: Order) -> None:
    review = write(world.buyer, world)

    with pytest.raises(ReviewWritten):
        write(world.buyer, world, text="Ещё")
    publish(world, review)
    with pytest.raises(ReviewWritten):
        write(world.buyer, world, text="Ещё")

    assert Review.objects.get().text == "Держит."


def test_rejected_review_is_written_anew(world: World, order: Order) -> None:
    review = write(world.buyer, world)
    reviews_reject(review_ids=[review.pk], actor=actor_of(world.administrator), reason="Телефон в тексте")

    again = write(world.buyer, world, text="Без телефона")

    again.refresh_from_db()
    assert (again.pk, again.state, again.text, again.reason) == (review.pk, "pending", "Без телефона", "")


def test_employee_in_the_name_of_a_person_writes_nothing(world: World, order: Order) -> None:
    for actor in (actor_of(world.manager), actor_of(world.buyer, impersonator=world.manager)):
        with pytest.raises(AccessDenied):
            review_write(actor=actor, product_id=world.skus[0].product_id, at=AT, **WORDS)

    assert not Review.objects.exists()


@pytest.mark.parametrize("change", [{"rating": 6}, {"rating": 0}, {"text": ""}, {"state": "published"},
                                    {"state": "rejected"}])  # fmt: skip
def test_database_refuses_impossible_reviews(world: World, order: Order, change: dict[str, object]) -> None:
    write(world.buyer, world)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.update(**change)


# --- moderation -----------------------------------------------------------------------------------
def test_published_review_is_rejected_and_published_again(world: World, order: Order) -> None:
    review = write(world.buyer, world)
    moderator = actor_of(world.administrator)
    seen = []
    for act in (
        lambda: publish(world, review),
        lambda: publish(world, review),
        lambda: reviews_reject(review_ids=[review.pk], actor=moderator, reason=" Спам "),
        lambda: reviews_reject(review_ids=[review.pk], actor=moderator, reason="Другая"),
        lambda: publish(world, review),
    ):
        moved = act()
        review.refresh_from_db()
        seen.append((moved, str(review.state), review.reason, review.published_at is not None))

    assert seen == [
        (1, "published", "", True),
        (0, "published", "", True),
        (1, "rejected", "Спам", False),
        (0, "rejected", "Спам", False),
        (1, "published", "", True),
    ]


def test_many_are_moved_with_two_statements(
    world: World, order: Order, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    reviews = [write(world.buyer, world), write(world.head, world)]
    moderator = actor_of(world.administrator)
    ids = [review.pk for review in reviews]

    with django_assert_num_queries(4):  # and a savepoint
        assert reviews_publish(review_ids=ids, actor=moderator, at=AT) == 2


def test_only_administrators_moderate_and_give_a_reason(world: World, order: Order) -> None:
    review = write(world.buyer, world)
    ids, manager = [review.pk], actor_of(world.manager)

    with pytest.raises(AccessDenied):
        reviews_publish(review_ids=ids, actor=manager, at=AT)
    with pytest.raises(AccessDenied):
        reviews_reject(review_ids=ids, actor=manager, reason="Спам")
    with pytest.raises(AccessDenied):
        review_reply(review_id=review.pk, actor=manager, reply="Ответ")
    with pytest.raises(ReasonMissing):
        reviews_reject(review_ids=ids, actor=actor_of(world.administrator), reason=" ")

    review.refresh_from_db()
    assert (review.state, review.reply) == ("pending", "")


def test_review_leaves_a_touch_of_its_product_and_a_history(world: World, order: Order) -> None:
    IndexTouch.objects.all().delete()
    review = write(world.buyer, world)

    publish(world, review)

    touches = IndexTouch.objects.filter(kind="review").values_list("ids", flat=True)
    assert list(touches) == [[review.product_id]] * 2
    history = Review.pgh_event_model.objects.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(history.values_list("state", flat=True)) == ["pending", "published"]


# --- reads ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
def test_reviews_are_read_with_two_queries(
    world: World, order: Order, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [make_person(world.holding, full_name=f"Фамилия{n} Ольга") for n in range(rows)]
    publish(world, *[write(person, world, rating=5 - n) for n, person in enumerate(people)])
    write(world.buyer, world, rating=1)

    with django_assert_num_queries(2):
        found = review_page(product_id=world.skus[0].product_id)

    assert found.summary.count == rows
    assert found.summary.average == {1: Decimal("5.0"), 3: Decimal("4.0")}[rows]
    assert {row.author for row in found.rows} == {"Ольга"}
    assert found.rows[-1].stars == "★★★★★"


def test_mean_is_rounded_half_up_and_absent_without_reviews(
    world: World, order: Order, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert review_page(product_id=world.skus[0].product_id).summary.average is None
    people = [make_person(world.holding) for _ in range(4)]
    publish(world, *[write(one, world, rating=5 - (n == 0)) for n, one in enumerate(people)])

    assert review_page(product_id=world.skus[0].product_id).summary.average == Decimal("4.8")


def test_own_review_tells_whether_to_write(world: World, order: Order) -> None:
    product_id = world.skus[0].product_id
    actor = actor_of(world.buyer)
    told = [own_review(actor=actor, product_id=product_id)]
    review = write(world.buyer, world)
    told.append(own_review(actor=actor, product_id=product_id))
    reviews_reject(review_ids=[review.pk], actor=actor_of(world.administrator), reason="Спам")
    told.append(own_review(actor=actor, product_id=product_id))
    told.append(own_review(actor=actor_of(world.other_buyer), product_id=product_id))
    told.append(own_review(actor=actor_of(world.manager), product_id=product_id))

    assert [(one.review, one.may_write) for one in told] == [
        (None, True), (review, False), (review, True), (None, False), (None, False),
    ]  # fmt: skip


def test_reviews_visible_to_a_person_are_published_ones_and_own(world: World, order: Order) -> None:
    own, other = write(world.buyer, world), write(world.head, world)

    def seen(user: User) -> set[int]:
        return set(Review.objects.visible_to(actor_of(user)).values_list("pk", flat=True))

    assert (seen(world.buyer), seen(world.other_buyer), seen(world.administrator)) == (
        {own.pk}, set(), {own.pk, other.pk},
    )  # fmt: skip
    publish(world, other)
    assert (seen(world.buyer), seen(world.other_buyer)) == ({own.pk, other.pk}, {other.pk})


# --- pages ----------------------------------------------------------------------------------------
def test_buyer_writes_on_a_page_and_sees_that_it_waits(buyer: Client, world: World, order: Order) -> None:
    target = reverse("orders:review_write", args=[world.skus[0].product_id])
    assert target in page_of(buyer, world)
    assert buyer.get(target).status_code == 200

    answer = buyer.post(target, WORDS)

    product = reverse("catalog:product", args=[world.skus[0].product_id])
    assert (answer.status_code, answer["Location"]) == (302, product)
    assert Review.objects.get().author == world.buyer
    page = page_of(buyer, world)
    assert ("ждёт проверки" in page, target in page, "Держит." in page) == (True, False, False)
    assert buyer.post(target, WORDS).status_code == 302
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"rating": ""}, "Поставьте оценку"),
        ({"rating": "9"}, "Выберите корректный вариант"),
        ({"text": "  "}, "Напишите хотя бы одну фразу"),
        ({"text": "а" * 3001}, "не более 3000 символов"),
    ],
)
def test_bad_review_is_shown_again_with_faults(
    buyer: Client, world: World, order: Order, change: dict[str, str], fault: str
) -> None:
    target = reverse("orders:review_write", args=[world.skus[0].product_id])

    answer = buyer.post(target, WORDS | {"pros": "Запомни меня"} | change)

    assert answer.status_code == 422
    assert fault in answer.content.decode()
    assert "Запомни меня" in answer.content.decode()
    assert not Review.objects.exists()


def test_who_did_not_buy_is_turned_away_and_the_page_offers_nothing(world: World, order: Order) -> None:
    other = browser(world.other_buyer)
    target = reverse("orders:review_write", args=[world.skus[0].product_id])

    assert target not in page_of(other, world)
    for answer in (other.get(target), other.post(target, WORDS)):
        assert answer.status_code == 302
    assert "только тот, чья компания заказывала" in other.get(answer["Location"]).content.decode()
    assert not Review.objects.exists()


def test_other_client_learns_a_first_name_and_nothing_of_the_company(world: World, order: Order) -> None:
    publish(world, write(world.buyer, world, text="<b>Держит</b>"))

    other = browser(world.other_buyer)
    for page in (
        page_of(other, world),
        other.get(reverse("orders:reviews", args=[world.skus[0].product_id])).content.decode(),
    ):
        assert "<b>Ирина</b>" in page
        assert "&lt;b&gt;Держит&lt;/b&gt;" in page
        assert "4,0</span> из 5 · отзывов: 1" in page
        for secret in ("Закупкина", world.buyer.email, world.holding.name, world.entity.name, order.number):
            assert secret not in page


def test_unknown_first_name_is_a_buyer(world: World, order: Order) -> None:
    publish(world, write(make_person(world.holding, full_name="Гримм Э."), world))

    assert [row.author for row in review_page(product_id=world.skus[0].product_id).rows] == ["Покупатель"]


def test_long_list_of_reviews_has_a_page_of_its_own(world: World, order: Order) -> None:
    people = [make_person(world.holding) for _ in range(4)]
    publish(world, *[write(person, world) for person in people])
    other = browser(world.other_buyer)

    assert page_of(other, world).count('class="review"') == 3
    listed = other.get(reverse("orders:reviews", args=[world.skus[0].product_id]), {"page": "x"})
    assert listed.content.decode().count('class="review"') == 4


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_with_reviews_take_the_same_queries(
    world: World, order: Order, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    publish(world, *[write(make_person(world.holding), world) for _ in range(rows)])
    other = browser(world.other_buyer)
    listed = reverse("orders:reviews", args=[world.skus[0].product_id])
    page_of(other, world)
    other.get(listed)

    with django_assert_num_queries(37):
        page = page_of(other, world)
    with django_assert_num_queries(11):
        other.get(listed)

    assert page.count('class="review"') == rows


# --- the administrator's pages --------------------------------------------------------------------
def test_admin_publishes_rejects_with_a_reason_and_answers(
    administrator: Client, world: World, order: Order
) -> None:
    review, target = write(world.buyer, world), reverse("admin:orders_review_changelist")
    chosen = {"_selected_action": [review.pk]}
    states = []
    for form in (
        {"action": "publish"},
        {"action": "reject"},
        {"action": "reject", "reason": "  "},
        {"action": "reject", "reason": "Спам"},
    ):
        answer = administrator.post(target, form | chosen)
        review.refresh_from_db()
        states.append((answer.status_code, str(review.state), review.reason))
    change = reverse("admin:orders_review_change", args=[review.pk])
    administrator.post(change, {"reply": "Спасибо", "text": "Чужое", "rating": 1, "state": "published"})

    review.refresh_from_db()
    assert states == [
        (302, "published", ""), (200, "published", ""), (200, "published", ""), (302, "rejected", "Спам"),
    ]  # fmt: skip
    assert (review.reply, review.text, review.rating, review.state) == (
        "Спасибо", "Держит.", 4, ReviewState.REJECTED,
    )  # fmt: skip
    assert administrator.get(reverse("admin:orders_review_add")).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_admin_list_takes_the_same_queries(
    administrator: Client,
    world: World,
    order: Order,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        write(make_person(world.holding), world)
    target = reverse("admin:orders_review_changelist")
    administrator.get(target)

    with django_assert_num_queries(6):
        page = administrator.get(target)

    assert len(page.context["cl"].result_list) == rows
