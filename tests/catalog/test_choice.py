"""The address of a list of goods: what it says, what it may not say, and that it says the same again."""

from decimal import Decimal

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.selectors import ApplicationChoice
from catalog.web.choice import SIZES, VIEWS, Choice, Span, sorts_of


def read(address: str) -> Choice:
    return Choice.read(QueryDict(address))


def test_address_is_understood_whole() -> None:
    choice = read(
        "q=кабель&p15=Медь&p15=Алюминий&p16_from=1,5&p16_to=10&brand=12&brand=3&price_from=1 000"
        "&warehouse=3&app_kind=Автомобиль&app_make=КАМАЗ&app_year=2015&stock=all&sort=-price"
        "&view=tile&size=50&page=4&open=p15&open=brand"
    )

    assert choice == Choice(
        search="кабель",
        brands=(3, 12),
        values=((15, ("Алюминий", "Медь")),),
        ranges=((16, Span(Decimal("1.5"), Decimal(10))),),
        price=Span(Decimal(1000), None),
        warehouses=(3,),
        application=ApplicationChoice("Автомобиль", "КАМАЗ", "", 2015),
        is_absent_shown=True,
        sort="-price",
        view="tile",
        size=50,
        page=4,
        opened=("brand", "p15"),
    )
    assert choice.narrowings == 8


def test_usual_choice_says_nothing() -> None:
    assert read("") == Choice()
    assert Choice().query.urlencode() == ""
    assert Choice().address(page=3) == "?page=3"
    assert read("sort=name&stock=&q=%20&page=1&price_from=&app_kind=") == Choice()


@pytest.mark.parametrize(
    "address",
    [
        "page=-1", "page=0", "page=9999999999999999999", "page=²", "page=%00", "size=7", "size=x",
        "view=%00", "sort=price;drop", "stock=1", "q=%00", "q=%20%00%20", "brand=0", "brand=-1", "brand=x",
        "brand=99999999999999999999", "warehouse=1e3", "price_from=-5", "price_to=-0.01", "price_from=NaN",
        "price_to=Infinity", "price_from=1e5", "price_from=99999999999999999999999", "price_from=١٢",
        "p=x", "px=1", "p0=x", "p15=", "p15=%00", "p-1=x", "p99999999999=x", "p15_from=NaN", "p15_to=abc",
        "p15_from=%00", "p15_middle=1", "app_make=КАМАЗ", "app_model=5", "app_year=2015", "app_kind=%00",
        "open=p", "open=p0", "open=%00", "open=p15%0A", "open=price",
        "unknown=1", "csrfmiddlewaretoken=x", "=", "&&&", "%FF=%FF",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_passed_over(address: str) -> None:
    assert read(address) == Choice()


def test_swapped_ends_change_places() -> None:
    assert read("price_from=900&price_to=100").price == Span(Decimal(100), Decimal(900))
    assert read("p5_from=2&p5_to=-3").ranges == ((5, Span(Decimal(-3), Decimal(2))),)


def test_part_of_an_application_needs_those_before_it() -> None:
    assert read("app_kind=Автомобиль&app_model=5320&app_year=99").application == ApplicationChoice(
        "Автомобиль"
    )
    assert not ApplicationChoice(make="КАМАЗ")


def test_long_texts_and_many_values_are_cut() -> None:
    many = "&".join(f"p7={number}" for number in range(900))

    assert len(read(many).values[0][1]) == 200
    assert len(read("&".join(f"p{number}=x" for number in range(1, 90))).values) == 40
    assert read(f"p7={'я' * 1001}") == Choice()
    assert len(read(f"q={'я' * 900}").search) == 200


def test_filters_are_taken_away_one_by_one() -> None:
    choice = read("q=a&p1=x&p1=y&p2_from=3&brand=4&price_to=9&sort=price&page=7")

    assert choice.without_value(1, "x").values == ((1, ("y",)),)
    assert choice.without_value(1, "x").without_value(1, "y").values == ()
    assert choice.without_value(2, "x").values == choice.values
    assert choice.without_range(2).ranges == ()
    assert choice.cleared().address() == "?q=a&sort=price"
    assert (choice.is_narrowed, choice.cleared().is_narrowed) == (True, False)


def test_section_keeps_only_its_own_filters() -> None:
    choice = read("p1=x&p2_from=3&p3=z&p4_to=5")

    kept = choice.within(frozenset({1}), frozenset({4}))

    assert (kept.values, kept.ranges) == (((1, ("x",)),), ((4, Span(None, Decimal(5))),))


_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
_ends = st.none() | st.decimals(-(10**9), 10**9, places=3)
_ids = st.integers(1, 999_999_999)


@st.composite
def spans(draw: st.DrawFn, *, least: int = -(10**9)) -> Span:
    known = sorted(draw(st.lists(st.decimals(least, 10**9, places=3), min_size=1, max_size=2)))
    if len(known) == 2:
        return Span(*known)
    return Span(known[0], None) if draw(st.booleans()) else Span(None, known[0])


@st.composite
def choices(draw: st.DrawFn) -> Choice:
    listed = draw(st.dictionaries(_ids, st.sets(_texts, min_size=1, max_size=3), max_size=3))
    ranged = draw(st.dictionaries(_ids, spans(), max_size=3))
    words = st.text("абв-/ ё1", max_size=9).map(lambda text: " ".join(text.split()))
    search, kind, make, model = draw(words), draw(words), draw(words), draw(words)
    year = draw(st.none() | st.integers(1800, 2200))
    return Choice(
        opened=tuple(sorted(draw(st.sets(_ids.map("p{}".format) | st.just("brand"), max_size=3)))),
        search=search,
        brands=tuple(sorted(draw(st.sets(_ids, max_size=3)))),
        values=tuple((pk, tuple(sorted(listed[pk]))) for pk in sorted(listed)),
        ranges=tuple((pk, ranged[pk]) for pk in sorted(ranged)),
        price=draw(st.just(Span()) | spans(least=0)),
        warehouses=tuple(sorted(draw(st.sets(_ids, max_size=3)))),
        application=ApplicationChoice(kind, make, model if make else "", year)
        if kind
        else ApplicationChoice(),
        is_absent_shown=draw(st.booleans()),
        sort=draw(st.sampled_from(list(sorts_of(search)))),
        view=draw(st.none() | st.sampled_from(list(VIEWS))),
        size=draw(st.none() | st.sampled_from(SIZES)),
        page=draw(st.integers(1, 999_999)),
    )


@settings(max_examples=300, deadline=None)
@given(choices())
def test_choice_comes_back_from_its_address(choice: Choice) -> None:
    address = choice.address(page=choice.page)

    again = read(address.removeprefix("?"))

    assert again == choice
    assert again.address(page=again.page) == address


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["q", "p1", "p1_from", "p1_to", "price_from", "price_to", "brand", "page", "size"]
            )
            | _texts,
            st.text(max_size=40),
        ),
        max_size=8,
    )
)
def test_any_address_becomes_a_choice_whose_address_is_final(pairs: list[tuple[str, str]]) -> None:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)

    choice = Choice.read(query)

    assert read(choice.address(page=choice.page).removeprefix("?")) == choice
