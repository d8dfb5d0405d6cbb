"""One person's corner of a client, full of canaries: everything that an address or a form can name."""

from datetime import date, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pypdf
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.models import Notice, User
from accounts.notices import NoticeKind
from accounts.permissions import Permission, Stage
from counterparties.models import (
    AccessRequest,
    ChangeField,
    ChangeRequest,
    Consent,
    Contract,
    GrantState,
    Holding,
    Invitation,
    LegalEntity,
    Membership,
    MergeKind,
    MergeRecord,
    MessageFile,
    Registration,
    Role,
    StageGrant,
    Visit,
    VisitAction,
    VisitCart,
)
from counterparties.permissions import ReadyRole
from counterparties.services.roles import ready_role
from counterparties.services.threads import thread_write
from counterparties.talk_subjects import TalkSubject, Words
from documents.archive.papers import ArchiveScope
from documents.models import Act, ActDifference, ContractFile, ContractVersion, Document
from documents.price_lists.options import ListOptions
from documents.services import invoice_issue
from documents.services.act_making import act_made_tell, act_make
from documents.services.archives import archive_ask, archive_make
from documents.services.asked_papers import paper_ask
from documents.services.price_list_files import price_list_ask, price_list_make
from documents.services.price_lists import ListPlace, price_list_create
from documents.states import ContractFileRole, DocumentKind, ListFormat, Verdict, VersionState
from finance.models import Payment
from orders.models import (
    ArrivalWatch,
    Calculation,
    Cart,
    CartLine,
    ErpDocument,
    ListWatch,
    Order,
    OrderView,
    PriceWatch,
    Review,
)
from orders.selectors.cart import cart_view
from orders.services.steps import order_confirm
from orders.services.submission import order_submit
from orders.states import ErpDocumentKind, ReviewState
from portal.files.attachments import Attachment
from portal.files.papers import XML
from portal.files.services import store
from portal.lib.dates import moscow_date
from tests.documents.edo.issued import make_upd
from tests.documents.edo.papers import line, made, shipment
from tests.documents.received_papers import make_received
from tests.factories import (
    actor_of,
    make_cart,
    make_code,
    make_person,
    make_upload,
    make_user,
)
from tests.finance.debts import make_debt, make_online_payment
from tests.flows.claim_rows import make_claim_row
from tests.flows.quote_rows import make_quote
from tests.flows.shipment_rows import make_change, make_request
from tests.sweep.canaries import canary
from tests.sweep.things import Corner, Firm, Goods


def make_corner(
    key: str, holding: Holding, entity: LegalEntity, firm: Firm, head: User, manager: User, goods: Goods
) -> Corner:
    person = make_person(
        holding,
        ReadyRole.BUYER,
        full_name=canary(f"{key}person"),
        email=f"{canary(f'{key}person')}@dealer.example",
        legal_entities=[entity],
    )
    member = Membership.objects.get(user=person)
    order, invoice = _order(key, person, manager, firm, goods)
    cart = make_cart(person, firm.contract, goods.city, {goods.skus[0]: 2})
    draft = make_cart(make_user(), firm.contract, goods.city, {goods.skus[1]: 1})
    Cart.objects.filter(pk=cart.pk).update(name=canary(f"{key}cart"))
    Cart.objects.filter(pk=draft.pk).update(
        name=canary(f"{key}cart"), user=person, drafted_by=manager, is_current=True
    )
    secret = f"{key[:1]}people"
    ids: dict[str, int | str | UUID] = {
        "holding": holding.pk,
        "entity": entity.pk,
        "inn": entity.inn,
        "contract": firm.contract.pk,
        "address": firm.address.pk,
        "account": firm.account.pk,
        "user": person.pk,
        "manager": manager.pk,
        "membership": member.pk,
        "head_membership": Membership.objects.get(user=head, holding=holding).pk,
        "cart": cart.pk,
        "total": str(cart_view(Cart.objects.get(pk=cart.pk), on=timezone.localdate()).total.gross),
        "line": CartLine.objects.get(cart=cart).pk,
        "draft": draft.pk,
        "order": order.pk,
        "document": invoice.uid,
        "received": make_received(entity, order=order, content=_pdf()).uid,
        "exchange": make_received(
            entity, order=order, number="xml", content=_exchange_file(f"{key}order"), mime=XML
        ).uid,
        "upd": make_upd(order, shipment((line(canary(f"{key}order"), "122", "1", "22"),))).uid,
        "shipment": ErpDocument.objects.create(
            part=order.parts.order_by("pk")[0], kind=ErpDocumentKind.SHIPMENT
        ).pk,
    }
    ids |= _shipping(f"{key}order", order)
    ids |= _claim(f"{key}order", ids["shipment"])
    ids |= _price_list(f"{key}self", person, firm, goods)
    ids |= _contract_version(key[:2], firm, manager)
    ids |= _asked_papers(person, ids["shipment_request"])
    _review(f"{key}self", person, order, goods)
    ids |= _rights(secret, member, holding, head) | _requests(secret, holding, entity, person, head, goods)
    ids |= _visit(f"{key}visit", holding, person, manager) | _own(key, person, goods)
    ids["online"] = _online(f"{key[:1]}people", person, firm)
    ids |= _act(firm) | _talk(f"{key}order", person, order)
    ids["upload"] = make_upload(person, cart, goods.skus[0], name=canary(f"{key}self")).uid
    ids["code"] = make_code(holding, goods.skus[0], code=canary(key[:1])).pk
    ids["calculation"] = _calculation(f"{key}self", person, entity, goods).pk
    invited = str(Invitation.objects.get(pk=ids["invitation"]).email)
    return Corner(key, ids, (person.email, invited))


def _talk(secret: str, person: User, order: Order) -> dict[str, int | str | UUID]:
    """A talk about the order with a file."""
    file = Attachment(f"{canary(secret)}.pdf", "application/pdf", _pdf())
    thread = thread_write(
        actor=actor_of(person),
        subject=TalkSubject(
            f"order:{order.pk}",
            canary(secret),
            "",
            holding_id=order.holding_id,
            legal_entity_id=order.legal_entity_id,
            permission=Permission.ORDER_VIEW,
            author_ids=frozenset({order.created_by_id}),
        ),
        words=Words(canary(secret), files=[file]),
        calendar=lambda day: True,
        at=timezone.now(),
    )
    sent = MessageFile.objects.get(message__thread=thread)
    return {"thread": thread.uid, "message_file": sent.pk}


def _calculation(secret: str, person: User, entity: LegalEntity, goods: Goods) -> Calculation:
    """A kept reckoning without a link."""
    kept = Calculation.objects.create(
        user=person,
        legal_entity=entity,
        calculator=goods.calculator,
        name=canary(secret),
        facts=[[canary(secret), "10"]],
    )
    kept.lines.create(position=0, label=canary(secret), sku=goods.skus[0], quantity=10)
    return kept


def _pdf() -> bytes:
    """A whole file: answers are read to their text."""
    paper = BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(paper)
    return paper.getvalue()


def _exchange_file(tag: str) -> bytes:
    """An exchange file whose goods are named for who may see it."""
    return made(shipment((line(canary(tag), "122", "1", "22"),))).content


def _order(key: str, person: User, manager: User, firm: Firm, goods: Goods) -> tuple[Order, Document]:
    """A new order with money that came for it, and the invoice of a confirmed one."""
    now = timezone.now()
    order = _sent(key, person, firm, goods)
    confirmed = _sent(key, person, firm, goods)
    order_confirm(order_id=confirmed.pk, actor=actor_of(manager), at=now)
    Payment.objects.create(
        organization=order.organization,
        legal_entity=order.legal_entity,
        contract=order.contract,
        reference=order.reference,
        amount=10,
        paid_on=now.date(),
        document_number=canary(f"{key}order"),
        recorded_by=manager,
        recorded_at=now,
    )
    return order, invoice_issue(order_id=confirmed.pk, at=now)


def _shipping(secret: str, order: Order) -> dict[str, int | str | UUID]:
    """A request for shipment and a change that waits."""
    now, told = timezone.now(), canary(secret)
    request = make_request(order, comment=told, created_at=now, idempotency_key=uuid4())
    return {
        "shipment_request": request.pk,
        "order_change": make_change(order, comment=told, created_at=now).pk,
        "quote": make_quote(order, comment=told, created_at=now, valid_until=now.date()).uid,
        "offer_version": 1,
    }


def _claim(secret: str, shipment_id: int | str | UUID) -> dict[str, int | str | UUID]:
    """A claim that waits for an answer, with a file."""
    shipment = ErpDocument.objects.select_related("part__order").get(pk=shipment_id)
    claim = make_claim_row(shipment, comment=canary(secret), created_at=timezone.now())
    return {"claim": claim.pk, "claim_file": claim.files.get().uid}


def _online(secret: str, person: User, firm: Firm) -> UUID:
    """A payment that the provider has not heard of, and a debt that it could pay."""
    make_debt(firm.contract, "10.00", number=canary(secret))
    payment = make_online_payment(person, firm.contract)
    payment.items.update(label=canary(secret))
    return payment.uid


def _asked_papers(person: User, request_id: int | str | UUID) -> dict[str, int | str | UUID]:
    """A paper of the request that is made, and an archive of the person's papers."""
    now, actor = timezone.now(), actor_of(person)
    reference = f"shipment_request:{request_id}"
    task = paper_ask(actor=actor, kind=DocumentKind.SHIPPING, reference=reference, options={}, at=now)
    today = timezone.localdate()
    scope = ArchiveScope(today - timedelta(days=30), today, None, ())
    row = archive_ask(actor=actor, scope=scope, at=now)
    archive_make(archive_id=row.pk, at=now)
    return {"document_task": task.uid, "archive": row.uid}


def _act(firm: Firm) -> dict[str, int | str | UUID]:
    """An act with the debts of the firm's contract, one of which is doubted."""
    now, contract = timezone.now(), firm.contract
    act = Act.objects.create(
        organization=contract.organization,
        legal_entity=contract.legal_entity,
        contract=contract,
        period_from=date(2026, 1, 1),
        period_to=now.date(),
        key=uuid4().hex,
        asked_at=now,
    )
    act_make(act_id=act.pk, at=now)
    act_made_tell(act_id=act.pk, at=now)
    doubted = act.lines.order_by("position").first()
    difference = ActDifference.objects.create(act=act, ours=doubted, verdict=Verdict.ONLY_OURS)
    return {"act": act.uid, "difference": difference.pk}


def _price_list(secret: str, person: User, firm: Firm, goods: Goods) -> dict[str, int | str | UUID]:
    """A price list with a file."""
    now, actor = timezone.now(), actor_of(person)
    place = ListPlace(contract_id=firm.contract.pk, city_id=goods.city.pk)
    options = ListOptions(format=ListFormat.CSV)
    profile = price_list_create(actor=actor, place=place, name=canary(secret), options=options, at=now)
    row = price_list_ask(actor=actor, uid=profile.uid, at=now)
    price_list_make(file_id=row.pk, at=now)
    return {"price_list": profile.uid, "price_list_file": row.uid}


def _contract_version(secret: str, firm: Firm, manager: User) -> dict[str, int | str | UUID]:
    """A text that the client has sent back signed; the contract prolongs itself."""
    now = timezone.now()
    ends = timezone.localdate() + timedelta(days=400)
    Contract.objects.filter(pk=firm.contract.pk).update(valid_until=ends, prolongs_months=12)
    version = ContractVersion.objects.create(
        contract=firm.contract,
        number=firm.contract.versions.count() + 1,
        state=VersionState.UPLOADED,
        summary=canary(secret),
        created_by=manager,
        created_at=now,
        sent_at=now,
    )
    name = f"{canary(secret)}.pdf"
    file = ContractFile.objects.create(
        version=version,
        role=ContractFileRole.CLIENT_SCAN,
        name=name,
        file=store(content=_pdf(), name=name, mime="application/pdf"),
        uploaded_by=manager,
        uploaded_at=now,
    )
    return {"contract_version": version.pk, "contract_file": file.pk}


def _review(secret: str, person: User, order: Order, goods: Goods) -> None:
    """A review that nobody but its author may read yet."""
    Review.objects.create(
        product=goods.skus[0].product,
        author=person,
        order=order,
        rating=1,
        text=canary(secret),
        pros=canary(secret),
        state=ReviewState.REJECTED,
        reason=canary(secret),
        created_at=timezone.now(),
    )


def _sent(key: str, person: User, firm: Firm, goods: Goods) -> Order:
    cart = make_cart(person, firm.contract, goods.city, {goods.skus[2]: 1})
    order = order_submit(
        actor=actor_of(person),
        cart_id=cart.pk,
        delivery_address_id=firm.address.pk,
        comment=canary(f"{key}order"),
        client_reference=canary(f"{key}order"),
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=timezone.localdate()).total.gross,
        at=timezone.now(),
    )
    Cart.objects.filter(pk=cart.pk).delete()
    return order


def _rights(secret: str, member: Membership, holding: Holding, head: User) -> dict[str, int | str | UUID]:
    now = timezone.now()
    asked = StageGrant.objects.create(
        membership=member,
        stage=Stage.FINANCE,
        state=GrantState.REQUESTED,
        reason=canary(secret),
        requested_at=now,
    )
    role = Role.objects.create(holding=holding, name=canary(secret))
    invitation = Invitation.objects.create(
        holding=holding,
        email=f"{canary(secret)}@invited.example",
        role=ready_role(ReadyRole.VIEWER),
        is_whole_holding=True,
        token_hash="0" * 64,
        invited_by=head,
        invited_at=now,
        expires_at=now + timedelta(hours=72),
    )
    held = StageGrant.objects.filter(membership=member, state=GrantState.GRANTED).get()
    return {
        "asked_stage": asked.pk,
        "held_stage": held.pk,
        "role": role.pk,
        "invitation": invitation.pk,
    }


def _requests(
    secret: str, holding: Holding, entity: LegalEntity, person: User, head: User, goods: Goods
) -> dict[str, int | str | UUID]:
    now = timezone.now()
    change = ChangeRequest.objects.filter(legal_entity=entity).first()
    if change is None:
        change = ChangeRequest.objects.create(
            legal_entity=entity,
            subject="requisites",
            comment=canary(secret),
            created_by=head,
            created_at=now,
        )
        ChangeField.objects.create(request=change, name="phone", old="", new=canary(secret))
    applicant = make_user(canary(secret), email=f"{canary(secret)}@applicant.example")
    registration = Registration.objects.create(
        state="review",
        kind="ooo",
        name=canary(secret),
        inn=entity.inn,
        legal_address=canary(secret),
        contact_name=canary(secret),
        phone="+7 495 000-00-00",
        email=applicant.email,
        city=goods.city,
        created_at=now,
        confirmed_at=now,
        user=applicant,
    )
    access = AccessRequest.objects.create(
        registration=registration, holding=holding, legal_entity=entity, created_at=now
    )
    merge = MergeRecord.objects.create(
        kind=MergeKind.SPLIT,
        source_holding=holding,
        target_holding=holding,
        reason=canary(secret),
        decided_by=head,
        at=now,
    )
    return {
        "change": change.pk,
        "registration": registration.pk,
        "access": access.pk,
        "merge": merge.pk,
    }


def _visit(secret: str, holding: Holding, person: User, manager: User) -> dict[str, int | str | UUID]:
    now = timezone.now()
    visit = Visit.objects.create(
        employee=manager,
        person=person,
        holding=holding,
        reason=canary(secret),
        cart=VisitCart.OWN,
        started_at=now - timedelta(hours=3),
        seen_at=now - timedelta(hours=3),
        ended_at=now - timedelta(hours=2),
        end="left",
    )
    VisitAction.objects.create(
        visit=visit,
        employee=manager,
        person=person,
        at=now - timedelta(hours=3),
        what="Изменил корзину",
        label=canary(secret),
        method="POST",
        url_name="orders:cart_add",
        path="/cart/add/",
        status=302,
    )
    return {"visit": visit.pk}


def _own(key: str, person: User, goods: Goods) -> dict[str, int | str | UUID]:
    now = timezone.now()
    consent = Consent.objects.create(
        text=goods.consent_text,
        text_sha256=goods.consent_text.sha256,
        user=person,
        email=f"{canary(f'{key}self')}@dealer.example",
        ip="203.0.113.9",
        given_at=now,
    )
    session = UserSession.objects.create(
        user=person, ip="203.0.113.9", session_key=uuid4().hex, user_agent=canary(f"{key}self")
    )
    authenticator = Authenticator.objects.create(  # nobody asks for it in earnest: its key is no key
        user=make_user(), type="webauthn", data={"name": canary(f"{key}self"), "credential": {}}
    )
    watch = ArrivalWatch.objects.create(user=person, city=goods.city, sku=goods.skus[1], created_at=now)
    entity = LegalEntity.objects.filter(holding__memberships__user=person).earliest("pk")
    place = {"user": person, "legal_entity": entity, "city": goods.city, "created_at": now, "checked_at": now}
    price_watch = PriceWatch.objects.create(sku=goods.skus[1], price_below=1, **place)
    list_watch = ListWatch.objects.create(
        name=canary(f"{key}self"), kind="new", address="/catalog/", digest="1", known=b"", **place
    )
    view = OrderView.objects.create(user=person, name=canary(f"{key}self"), query="state=submitted")
    notice = Notice.objects.create(
        user=person,
        kind=NoticeKind.ORDER_STATE,
        reference="order:1",
        day=moscow_date(now),
        title=canary(f"{key}self"),
        created_at=now,
    )
    return {
        "order_view": view.pk,
        "watch": watch.pk,
        "price_watch": price_watch.pk,
        "list_watch": list_watch.pk,
        "consent": consent.pk,
        "session": session.pk,
        "key": authenticator.pk,
        "notice": notice.pk,
    }
