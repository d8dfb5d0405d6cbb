"""Two clients full of canaries: one with two legal entities and people limited to one of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Stage
from catalog.models import City, Classifier, PaperKind, Picture, ProductPaper, ProductSection, Section, Sku
from counterparties.models import (
    AccessRequest,
    ChangeField,
    ChangeRequest,
    Consent,
    ConsentKind,
    ConsentText,
    Contract,
    DeliveryAddress,
    GrantState,
    Holding,
    Invitation,
    LegalEntity,
    LegalEntityBankAccount,
    Membership,
    MergeKind,
    MergeRecord,
    Registration,
    Role,
    StageGrant,
    Visit,
    VisitAction,
    VisitCart,
)
from counterparties.permissions import ReadyRole
from counterparties.services.roles import ready_role
from counterparties.web.middleware import HOLDING_KEY
from documents.models import Document
from documents.services import invoice_issue
from finance.models import Payment
from integrations.models import ExchangeNode
from orders.models import Cart, CartLine, Order
from orders.selectors.cart import cart_view
from orders.services.steps import order_confirm
from orders.services.submission import order_submit
from portal.files.services import store
from tests.factories import (
    actor_of,
    make_address,
    make_cart,
    make_contract,
    make_holding,
    make_legal_entity,
    make_manager,
    make_person,
    make_user,
    make_world,
)
from tests.sweep.canaries import canary

__all__ = ["HOLDING_KEY", "MISSING", "ONEC_PASSWORD", "Corner", "Goods", "SweepWorld", "make_sweep_world"]

ONEC_PASSWORD = "exchange-password"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccfc0500f000485018084a98c210000000049454e44ae426082"
)


@dataclass(frozen=True)
class Goods:
    """What everybody may see."""

    city: City
    skus: tuple[Sku, ...]
    section: Section
    picture: Picture
    paper: ProductPaper
    consent_text: ConsentText


@dataclass(frozen=True)
class Corner:
    """One person's corner of a client: ids of everything there that an address or a form can name."""

    key: str
    ids: dict[str, int | str | UUID] = field(default_factory=dict)
    emails: tuple[str, ...] = ()

    @property
    def holding(self) -> str:
        return self.key[:1]

    @property
    def entity(self) -> str:
        return self.key[:2]


MISSING = Corner(
    "missing",
    dict.fromkeys(
        (
            "holding", "entity", "contract", "address", "account", "user", "membership", "asked_stage",
            "held_stage", "invitation", "role", "cart", "line", "draft", "order", "change", "access",
            "registration", "consent", "visit", "session", "key", "merge", "head_membership",
        ),
        987_654_321,
    )
    | {"document": UUID("11111111-2222-4333-8444-555555555555"), "total": "200.00", "inn": "7707083893"},
    ("nobody@missing.example",),
)  # fmt: skip


@dataclass(frozen=True)
class SweepWorld:
    goods: Goods
    corners: dict[str, Corner]
    users: dict[str, User]
    literals: dict[str, str]
    node: ExchangeNode


def make_sweep_world() -> SweepWorld:
    """Corners a1e1 and a1e2 (colleagues), a2e3 (the other legal entity), b1e1 (the other client)."""
    base = make_world()
    city = base.city
    users: dict[str, User] = {}
    literals: dict[str, str] = {}
    corners: dict[str, Corner] = {}
    goods = _goods(city, base.skus)
    for letter, entities in (("a", (("a1", ("e1", "e2")), ("a2", ("e3",)))), ("b", (("b1", ("e1",)),))):
        holding = make_holding(f"Группа {canary(letter)}", city=city)
        users[f"{letter}head"] = make_person(holding, ReadyRole.HEAD, full_name=canary(f"{letter}people"))
        manager = users[f"{letter}manager"] = make_manager(holding, full_name=f"Менеджер {letter}")
        for tag, people in entities:
            entity, firm = _firm(holding, tag)
            literals[entity.inn] = tag
            for person in people:
                key = f"{tag}{person}"
                corner = _corner(key, holding, entity, firm, users[f"{letter}head"], manager, goods)
                corners[key] = corner
                users[key] = User.objects.get(pk=corner.ids["user"])
    node = ExchangeNode(code="main", name="УТ", username="1c")
    node.set_password(ONEC_PASSWORD)
    node.save()
    users["admin"] = base.administrator
    users["closed"] = make_person(Holding.objects.get(pk=corners["a1e1"].ids["holding"]), ReadyRole.HEAD)
    for user in users.values():
        EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)
    return SweepWorld(goods, corners, users, literals, node)


def _goods(city: City, skus: tuple[Sku, ...]) -> Goods:
    section = Section.objects.create(
        classifier=Classifier.objects.create(name="По виду"), name="Крепеж", sort_key="крепеж"
    )
    ProductSection.objects.bulk_create(ProductSection(product=sku.product, section=section) for sku in skus)
    picture = Picture.objects.create(
        product=skus[0].product,
        source_path="import_files/1.png",
        file=store(content=PNG, name="1.png", mime="image/png"),
    )
    paper = ProductPaper.objects.create(
        product=skus[0].product,
        kind=PaperKind.CERTIFICATE,
        number="77",
        file=store(content=b"%PDF-1.4\n%%EOF\n", name="1.pdf", mime="application/pdf"),
    )
    text = ConsentText.objects.filter(published_at__isnull=False).order_by("pk").first()
    text = text or ConsentText.objects.create(
        kind=ConsentKind.PERSONAL_DATA,
        version=1,
        title="Согласие",
        text="Согласен",
        sha256="0" * 64,
        published_at=timezone.now(),
    )
    return Goods(city, skus, section, picture, paper, text)


@dataclass(frozen=True)
class _Firm:
    contract: Contract
    address: DeliveryAddress
    account: LegalEntityBankAccount


def _firm(holding: Holding, tag: str) -> tuple[LegalEntity, _Firm]:
    entity = make_legal_entity(holding, name=f"ООО {canary(tag)}")
    for name in ("full_name", "legal_address", "head_name", "phone"):
        setattr(entity, name, canary(tag))
    entity.email = f"{canary(tag)}@dealer.example"
    entity.save()
    contract = make_contract(entity, number=canary(tag))
    address = make_address(entity, address=f"Москва, {canary(tag)}")
    DeliveryAddress.objects.filter(pk=address.pk).update(contact_name=canary(tag), notes=canary(tag))
    account = LegalEntityBankAccount.objects.create(
        legal_entity=entity,
        bank_name=canary(tag),
        bic="044525225",
        account="40702810138250123017",
        correspondent_account="30101810400000000225",
        is_default=True,
    )
    return entity, _Firm(contract, address, account)


def _corner(
    key: str, holding: Holding, entity: LegalEntity, firm: _Firm, head: User, manager: User, goods: Goods
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
        "membership": member.pk,
        "head_membership": Membership.objects.get(user=head, holding=holding).pk,
        "cart": cart.pk,
        "total": str(cart_view(Cart.objects.get(pk=cart.pk), on=timezone.localdate()).total.gross),
        "line": CartLine.objects.get(cart=cart).pk,
        "draft": draft.pk,
        "order": order.pk,
        "document": invoice.uid,
    }
    ids |= _rights(secret, member, holding, head) | _requests(secret, holding, entity, person, head, goods)
    ids |= _visit(f"{key}visit", holding, person, manager) | _own(key, person, goods)
    invited = str(Invitation.objects.get(pk=ids["invitation"]).email)
    return Corner(key, ids, (person.email, invited))


def _order(key: str, person: User, manager: User, firm: _Firm, goods: Goods) -> tuple[Order, Document]:
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


def _sent(key: str, person: User, firm: _Firm, goods: Goods) -> Order:
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
    return {"consent": consent.pk, "session": session.pk, "key": authenticator.pk}
