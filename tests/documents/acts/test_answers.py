from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdf
import pytest

from accounts.models import Notice
from accounts.notices import NoticeKind
from counterparties.actor import AccessDenied
from counterparties.permissions import ReadyRole
from documents.acts.moves import WrongActState
from documents.models import Act, ActDifference, ActRemark, ClientAct, DocumentFile
from documents.selectors.acts import act_page, act_seen
from documents.services.act_answers import (
    ActNotSettled,
    act_confirm,
    act_dispute,
    act_signed_at_operator,
    act_signed_scan_add,
)
from documents.services.act_differences import act_difference_agree, act_remark_add, client_act_compare
from documents.services.act_stale import acts_stale_mark
from documents.states import ActState, FileRole
from portal.files.scans import ScanRefused
from portal.files.serving import open_file
from tests.documents.acts.conftest import client_file, golden, make_act, on
from tests.factories import AT, World, actor_of, make_person
from tests.finance.debts import make_debt

SALE = (date(2026, 7, 5), "Поступление (УТ-900 от 05.07.2026)", None, 5_000)
PAID = (date(2026, 7, 20), "Оплата (221 от 20.07.2026)", 12_000, None)
LESS = (date(2026, 7, 5), "Поступление (УТ-900 от 05.07.2026)", None, 4_900)
EXTRA = (date(2026, 9, 30), "Оплата (300 от 30.09.2026)", 3_000, None)


def pdf(*, side: int = 100) -> bytes:
    """A whole file of one page; another side makes another file."""
    paper, writer = BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(side, side)
    writer.write(paper)
    return paper.getvalue()


@pytest.fixture
def act(world: World, quick_act: None) -> Act:
    golden(world)
    return make_act(world)


def upload(world: World, act: Act, *lines: tuple[object, str, object, object]) -> ClientAct:
    return client_act_compare(
        actor=actor_of(world.head), uid=act.uid, content=client_file(*lines), name="act.xlsx", at=AT
    )


def differences(act: Act) -> list[tuple[str, Decimal, bool, bool]]:
    rows = ActDifference.objects.filter(act=act).order_by("pk")
    return list(rows.values_list("verdict", "amount", "is_agreed_by_client", "is_agreed_by_us"))


def told(kind: NoticeKind) -> list[tuple[int, str]]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("user", "title"))


# --- agreed, disputed --------------------------------------------------------------------------------
def test_act_is_agreed_once_and_the_manager_is_told(world: World, act: Act) -> None:
    confirmed = act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)
    again = act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)

    assert (confirmed.state, again.state, confirmed.answered_by) == ("confirmed", "confirmed", world.head)
    assert told(NoticeKind.ACT_ANSWERED) == [(world.manager.pk, "Акт сверки согласован")]


def test_dispute_needs_a_word(world: World, act: Act) -> None:
    with pytest.raises(ActNotSettled):
        act_dispute(actor=actor_of(world.head), uid=act.uid, comment="  ", at=AT)

    act.refresh_from_db()
    assert (act.state, Notice.objects.filter(kind=NoticeKind.ACT_ANSWERED).count()) == (ActState.SENT, 0)


def test_dispute_with_remarks_to_lines(world: World, act: Act) -> None:
    disputed = act_dispute(
        actor=actor_of(world.head), uid=act.uid, comment="Не сходится", remarks={1: "Нет такой"}, at=AT
    )

    assert (disputed.state, disputed.comment) == (ActState.DISPUTED, "Не сходится")
    assert list(ActRemark.objects.values_list("difference__ours__position", "text", "is_ours")) == [
        (1, "Нет такой", False)
    ]
    assert differences(act) == [("matched", 0, False, False)]
    assert told(NoticeKind.ACT_ANSWERED) == [(world.manager.pk, "Акт сверки: есть расхождения")]


def test_open_difference_keeps_the_act_from_being_agreed(world: World, act: Act) -> None:
    upload(world, act, LESS, PAID)

    with pytest.raises(ActNotSettled, match="расхождения"):
        act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)

    act.refresh_from_db()
    assert act.state == ActState.SENT


@pytest.mark.parametrize("is_marked", [False, True])
def test_act_whose_books_changed_is_not_agreed(world: World, act: Act, is_marked: bool) -> None:
    make_debt(world.contract, 1, **on(2026, 8, 1))
    if is_marked:
        acts_stale_mark(at=AT)

    with pytest.raises(ActNotSettled, match="заново"):
        act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)

    act.refresh_from_db()
    assert act.state == ActState.SENT


def test_whole_talk_ends_in_an_agreed_act(world: World, act: Act) -> None:
    upload(world, act, LESS, PAID)
    [difference] = ActDifference.objects.all()
    act_dispute(actor=actor_of(world.head), uid=act.uid, comment="", at=AT)

    act_remark_add(
        actor=actor_of(world.head), uid=act.uid, difference_id=difference.pk, text="Пришло меньше", at=AT
    )
    act_remark_add(
        actor=actor_of(world.manager), uid=act.uid, difference_id=difference.pk, text="Исправим", at=AT
    )
    for user in (world.manager, world.head, world.head):
        act_difference_agree(actor=actor_of(user), uid=act.uid, difference_id=difference.pk, at=AT)
    confirmed = act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)

    assert differences(act) == [("sum", 100, True, True)]
    assert list(ActRemark.objects.order_by("pk").values_list("text", "is_ours")) == [
        ("Пришло меньше", False),
        ("Исправим", True),
    ]
    assert confirmed.state == ActState.CONFIRMED
    assert [title for _user, title in told(NoticeKind.ACT_REPLIED)] == [
        "Замечание к акту сверки",
        "Все расхождения акта сверки согласованы",
    ]


def test_agreement_can_be_taken_back(world: World, act: Act) -> None:
    upload(world, act, LESS, PAID)
    [difference] = ActDifference.objects.all()
    for is_agreed in (True, False):
        act_difference_agree(
            actor=actor_of(world.manager),
            uid=act.uid,
            difference_id=difference.pk,
            is_agreed=is_agreed,
            at=AT,
        )

    assert differences(act) == [("sum", 100, False, False)]


# --- the client's own act ----------------------------------------------------------------------------
def test_own_act_sent_back_has_no_differences(world: World, act: Act) -> None:
    assert act.document is not None
    kept = act.document.files.get()
    with open_file(kept.file) as stored:
        content = stored.read()

    row = client_act_compare(
        actor=actor_of(world.head), uid=act.uid, content=content, name="../../тот же.xlsx", at=AT
    )

    assert (row.name, row.opening, row.closing, row.lines.count()) == ("тот же.xlsx", 10_000, 3_000, 2)
    assert differences(act) == []
    page = act_page(actor=actor_of(world.head), act=act_seen(actor=actor_of(world.head), uid=act.uid))
    assert page.balances is not None
    assert (page.balances.closing_gap, page.may_confirm) == (0, True)
    assert [line.label for line in page.lines] == ["Совпадает", "Совпадает"]


def test_differences_explain_the_gap(world: World, act: Act) -> None:
    upload(world, act, LESS, PAID, EXTRA)

    page = act_page(actor=actor_of(world.head), act=act_seen(actor=actor_of(world.head), uid=act.uid))

    assert [(one.label, one.cause, one.amount) for one in page.differences] == [
        ("Другая сумма", "Один документ, разница 100,00 ₽", 100),
        ("Только у вас", "Платёж в пути: к нам он мог прийти уже после конца периода", 3_000),
    ]
    assert page.balances is not None
    assert (page.balances.closing_gap, page.balances.explained, page.balances.rest) == (3_100, 3_100, 0)
    seen_by_manager = act_page(
        actor=actor_of(world.manager), act=act_seen(actor=actor_of(world.manager), uid=act.uid)
    )
    assert [one.label for one in seen_by_manager.differences] == ["Другая сумма", "Только у клиента"]
    assert (seen_by_manager.may_talk, seen_by_manager.may_answer) == (True, False)


def test_next_file_keeps_words_and_agreements_of_what_is_the_same(world: World, act: Act) -> None:
    upload(world, act, LESS, PAID, EXTRA)
    kept, gone = ActDifference.objects.order_by("pk")
    for difference in (kept, gone):
        act_remark_add(
            actor=actor_of(world.head), uid=act.uid, difference_id=difference.pk, text="Проверьте", at=AT
        )
    act_difference_agree(actor=actor_of(world.manager), uid=act.uid, difference_id=kept.pk, at=AT)

    second = upload(world, act, LESS, PAID)

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.theirs and kept.theirs.client_act, kept.is_agreed_by_us) == (second, True)
    assert (gone.cause, gone.is_agreed_by_client, gone.is_agreed_by_us) == (
        "В новом акте клиента расхождения нет", True, True,
    )  # fmt: skip
    third = upload(world, act, (LESS[0], LESS[1], None, 4_800), PAID)
    kept.refresh_from_db()
    assert (kept.amount, kept.is_agreed_by_us) == (200, False)
    assert act.client_acts.order_by("-pk").first() == third


# --- rights ------------------------------------------------------------------------------------------
def test_operation_that_stands_twice_is_settled_twice(world: World, act: Act) -> None:
    """The same file again makes no third difference, and a mended one leaves none behind."""
    for _again in range(2):
        upload(world, act, SALE, PAID, EXTRA, EXTRA)

    assert [verdict for verdict, *_rest in differences(act)] == ["theirs", "theirs"]

    upload(world, act, SALE, PAID)

    assert differences(act) == []


def test_same_scan_twice_is_no_news(world: World, act: Act) -> None:
    act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)
    content = pdf()

    for _click in range(2):
        signed = act_signed_scan_add(
            actor=actor_of(world.head), uid=act.uid, content=BytesIO(content), name="a.pdf", at=AT
        )

    assert signed.state == ActState.SIGNED
    assert DocumentFile.objects.filter(document=act.document, role=FileRole.SIGNED_SCAN).count() == 1


def test_accountant_compares_and_writes_but_does_not_bind(world: World, act: Act) -> None:
    accountant = actor_of(make_person(world.holding, ReadyRole.ACCOUNTANT))
    client_act_compare(actor=accountant, uid=act.uid, content=client_file(LESS, PAID), name="a", at=AT)
    [difference] = ActDifference.objects.all()
    act_remark_add(actor=accountant, uid=act.uid, position=2, text="Это что?", at=AT)

    with pytest.raises(AccessDenied):
        act_confirm(actor=accountant, uid=act.uid, at=AT)
    with pytest.raises(AccessDenied):
        act_dispute(actor=accountant, uid=act.uid, comment="нет", at=AT)
    with pytest.raises(AccessDenied):
        act_difference_agree(actor=accountant, uid=act.uid, difference_id=difference.pk, at=AT)
    with pytest.raises(AccessDenied):
        act_signed_scan_add(actor=accountant, uid=act.uid, content=BytesIO(pdf()), name="a.pdf", at=AT)

    act.refresh_from_db()
    assert (act.state, differences(act)) == (
        ActState.SENT, [("sum", 100, False, False), ("matched", 0, False, False)],
    )  # fmt: skip


def test_manager_does_not_answer_for_the_client(world: World, act: Act) -> None:
    with pytest.raises(AccessDenied):
        act_confirm(actor=actor_of(world.manager), uid=act.uid, at=AT)
    with pytest.raises(AccessDenied):
        act_confirm(actor=actor_of(world.head, impersonator=world.manager), uid=act.uid, at=AT)

    act.refresh_from_db()
    assert act.state == ActState.SENT


def test_strangers_find_no_act(world: World, act: Act) -> None:
    for stranger in (make_person(world.other_holding, ReadyRole.HEAD), world.other_manager):
        with pytest.raises(Act.DoesNotExist):
            act_remark_add(actor=actor_of(stranger), uid=act.uid, position=1, text="я", at=AT)
        with pytest.raises(Act.DoesNotExist):
            client_act_compare(
                actor=actor_of(stranger), uid=act.uid, content=client_file(SALE), name="a", at=AT
            )

    assert (ActRemark.objects.count(), ClientAct.objects.count()) == (0, 0)


# --- the signed paper --------------------------------------------------------------------------------
def test_scan_signs_the_act_and_its_paper(world: World, act: Act) -> None:
    act_confirm(actor=actor_of(world.head), uid=act.uid, at=AT)

    signed = act_signed_scan_add(
        actor=actor_of(world.head), uid=act.uid, content=BytesIO(pdf()), name="..\\..\\акт.pdf", at=AT
    )

    assert signed.document is not None
    signed.document.refresh_from_db()
    assert (signed.state, signed.document.state) == (ActState.SIGNED, "signed")
    kept = signed.document.files.get(role="signed_scan")
    assert (kept.name, kept.file, kept.added_by) == ("акт.pdf", signed.signed_scan, world.head)
    with pytest.raises(WrongActState):
        act_signed_scan_add(
            actor=actor_of(world.head), uid=act.uid, content=BytesIO(pdf(side=200)), name="a.pdf", at=AT
        )
    with pytest.raises(WrongActState):
        upload(world, act, SALE)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "пустой"),
        (b"MZ\x90\x00 program", "это не PDF"),
        (b"<?xml version='1.0'?><a/>", "это не PDF"),
        (b"%PDF-" + b"x" * 21_000_000, "20 МБ"),
    ],
    ids=["empty", "program", "xml", "big"],
)
def test_what_is_no_scan_is_refused(world: World, act: Act, content: bytes, words: str) -> None:
    with pytest.raises(ScanRefused, match=words):
        act_signed_scan_add(
            actor=actor_of(world.head), uid=act.uid, content=BytesIO(content), name="a.pdf", at=AT
        )

    act.refresh_from_db()
    assert (act.state, act.signed_scan) == (ActState.SENT, None)


def test_act_is_signed_with_its_paper_at_the_operator(world: World, act: Act) -> None:
    document_id = act.document_id
    assert document_id is not None

    act_signed_at_operator(document_id=document_id, at=AT)
    act_signed_at_operator(document_id=document_id, at=AT)

    act.refresh_from_db()
    assert act.state == ActState.SIGNED
    assert told(NoticeKind.ACT_ANSWERED) == [(world.manager.pk, "Акт сверки подписан")]


def test_act_that_is_talked_of_is_not_signed_by_the_operator(world: World, act: Act) -> None:
    act_dispute(actor=actor_of(world.head), uid=act.uid, comment="Не сходится", at=AT)

    act_signed_at_operator(document_id=act.document_id or 0, at=AT)

    act.refresh_from_db()
    assert act.state == ActState.DISPUTED
