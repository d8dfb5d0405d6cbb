"""Every address of ours × every kind of person: the status they get. An address missing here fails a test.

The objects belong to the buyer. `login` means sent to the sign-in page. POST rows send an empty form:
whoever gets past the door sees a refusal (302 with a message, 422), a stranger 404 or 403.
A person whose application waits is answered like one without a client, and 1C's name and password
open no page: they have no column of their own. The admin and allauth: test_admin_matrix, test_sign_in_matrix.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.permissions import Stage
from catalog.models import Article, Classifier, PaperKind, Picture, ProductPaper, ProductSection, Section
from counterparties.models import Invitation, Membership, Role, StageGrant
from counterparties.permissions import ReadyRole
from counterparties.services.invitations import Rights, invitation_send
from counterparties.services.roles import ready_role
from documents.models import Document, ReceivedDocument
from documents.services import invoice_issue
from integrations.models import ExchangeNode
from orders.models import ArrivalWatch, Cart, CartLine, ClientCode, ErpDocument, Order, OrderView, Upload
from orders.selectors.cart import cart_view
from orders.services.steps import order_confirm
from orders.services.submission import order_submit
from orders.states import ErpDocumentKind
from portal.files.services import store
from tests.counterparties.applications import on_review
from tests.documents.received_papers import make_received
from tests.factories import (
    AT,
    TODAY,
    World,
    actor_of,
    make_cart,
    make_code,
    make_person,
    make_upload,
    make_user,
    make_world,
)
from tests.flows.act_rows import ACT_ROWS, make_first_act
from tests.flows.calculator_rows import CALCULATOR_ROWS, make_calculation
from tests.flows.claim_rows import CLAIM_ROWS
from tests.flows.company_rows import COMPANY_ROWS, make_company_objects
from tests.flows.contract_rows import CONTRACT_ROWS
from tests.flows.edo_rows import EDO_ROWS, make_exchange_papers
from tests.flows.merging_rows import MERGING_ROWS
from tests.flows.money_rows import MONEY_ROWS
from tests.flows.morning_rows import MORNING_ROWS
from tests.flows.paper_rows import PAPER_ROWS
from tests.flows.price_list_rows import PRICE_LIST_ROWS, make_price_list
from tests.flows.quote_rows import QUOTE_ROWS
from tests.flows.shipment_rows import SHIPMENT_ROWS
from tests.flows.talk_rows import TALK_ROWS, make_talk
from tests.flows.visit_rows import VISIT_ROWS, make_visit_objects
from tests.flows.watch_rows import WATCH_ROWS, make_watches

pytestmark = pytest.mark.django_db

LOGIN = "login"
PERSONAS = (
    "anonymous", "buyer", "colleague", "head", "other_buyer", "other_head",
    "manager", "other_manager", "administrator", "nobody", "dismissed",
)  # fmt: skip
ALIKE = {"applicant": "nobody", "exchange": "anonymous"}
BASIC = "Basic " + b64encode(b"1c:exchange-password").decode()
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d4944415478da63fccfc0500f000485018084a98c210000000049454e44ae426082"
)

Row = tuple[str, Callable[["Objects"], dict[str, object]], str]


@dataclass(frozen=True)
class Objects:
    """One of each thing that an address names."""

    world: World
    order: Order
    invoice: Document
    received: ReceivedDocument
    shipment: ErpDocument
    cart: Cart
    line: CartLine
    section: Section
    picture: Picture
    paper: ProductPaper
    invitation: Invitation
    own_role: Role
    watch: ArrivalWatch
    view: OrderView
    article: Article
    upload: Upload
    code: ClientCode


def upload_uid(objects: Objects) -> dict[str, object]:
    return {"uid": objects.upload.uid}


def nothing(objects: Objects) -> dict[str, object]:
    return {}


def member_pk(objects: Objects) -> dict[str, object]:
    return {"pk": Membership.objects.get(user=objects.world.buyer).pk}


def stage_pk(objects: Objects) -> dict[str, object]:
    return {"pk": StageGrant.objects.get(membership__user=objects.world.buyer).pk}


def order_pk(objects: Objects) -> dict[str, object]:
    return {"pk": objects.order.pk}


def cart_pk(objects: Objects) -> dict[str, object]:
    return {"pk": objects.cart.pk}


def saved_cart_pk(objects: Objects) -> dict[str, object]:
    """A cart put aside, to be compared with the current one."""
    cart = objects.cart
    saved = Cart.objects.create(
        user=cart.user,
        legal_entity=cart.legal_entity,
        contract=cart.contract,
        city=cart.city,
        is_current=False,
    )
    return {"pk": saved.pk}


OPEN = "200 200 200 200 200 200 200 200 200 200 200"
SIGNED_IN = "login 200 200 200 200 200 200 200 200 200 login"
CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
FOUND = "login 302 302 302 302 302 302 302 302 302 login"
UPLOADER = "login 200 404 404 404 404 403 403 403 403 login"
UPLOADER_ACTS = "login 302 404 404 404 404 403 403 403 403 login"
CART_OWNER = "login 200 404 404 404 404 403 403 403 403 login"
OWNERS = "login 200 404 200 404 404 200 404 200 404 login"
DOCUMENT_OWNERS = "login 200 404 200 404 404 200 404 200 403 login"
STAFF = "login 403 403 403 403 403 200 200 200 403 login"
MISSING = "404 404 404 404 404 404 404 404 404 404 404"
KEYED = "401 401 401 401 401 401 401 401 401 401 401"

HEADS = "login 403 403 200 403 200 403 403 403 403 login"
HEAD_SEES = "login 403 403 200 403 404 403 403 403 403 login"
HEAD_ACTS = "login 403 403 302 403 404 403 403 403 403 login"
CLIENTS_ACT = "login 302 302 302 302 302 403 403 403 403 login"

MATRIX: dict[str, Row] = {
    "home": ("GET", nothing, "login 200 200 200 200 200 302 302 302 200 login"),
    "healthz": ("GET", nothing, OPEN),
    "readyz": ("GET", nothing, OPEN),
    "metrics": ("GET", nothing, "403 403 403 403 403 403 403 403 200 403 403"),
    "favicon": ("GET", nothing, "301 301 301 301 301 301 301 301 301 301 301"),
    "integrations:onec": ("GET", nothing, OPEN),
    "onec_alias": ("GET", nothing, OPEN),
    "push:stream": ("POST", lambda it: {"stream": "partners"}, KEYED),
    "push:requests": ("GET", nothing, KEYED),
    "push:requests-ack": ("POST", nothing, KEYED),
    "push:openapi-json": ("GET", nothing, OPEN),
    "push:api-root": ("GET", nothing, MISSING),
    "accounts:security": ("GET", nothing, SIGNED_IN),
    "accounts:sessions": ("GET", nothing, SIGNED_IN),
    "accounts:sessions_end": ("POST", nothing, FOUND),
    "accounts:session_end": ("POST", lambda it: {"pk": 1}, "login 404 404 404 404 404 404 404 404 404 login"),
    "accounts:company": ("GET", nothing, OPEN),
    "accounts:company_start": ("POST", lambda it: {"provider_id": "none"}, MISSING),
    "openid_connect_callback": ("GET", lambda it: {"provider_id": "none"}, MISSING),
    "mfa_index": ("GET", nothing, FOUND),
    "catalog:index": ("GET", nothing, SIGNED_IN),
    "catalog:section": ("GET", lambda it: {"pk": it.section.pk}, SIGNED_IN),
    "catalog:product": ("GET", lambda it: {"pk": it.world.skus[0].product_id}, SIGNED_IN),
    "catalog:picture": ("GET", lambda it: {"pk": it.picture.pk}, SIGNED_IN),
    "catalog:export": ("GET", nothing, SIGNED_IN),
    "catalog:section_export": ("GET", lambda it: {"pk": it.section.pk}, SIGNED_IN),
    "catalog:suggestions": ("GET", nothing, SIGNED_IN),
    "catalog:look": ("POST", nothing, FOUND),
    "catalog:paper": ("GET", lambda it: {"pk": it.paper.pk}, SIGNED_IN),
    "articles:list": ("GET", nothing, SIGNED_IN),
    "articles:article": ("GET", lambda it: {"slug": it.article.slug}, SIGNED_IN),
    "catalog:city": ("POST", nothing, FOUND),
    "catalog:city_switch": ("GET", nothing, FOUND),
    "pricing:reason": ("GET", lambda it: {"pk": it.world.skus[0].pk}, SIGNED_IN),
    "orders:cart": ("GET", nothing, CLIENTS),
    "orders:cart_add": ("POST", nothing, "login 404 404 404 404 404 403 403 403 403 login"),
    "orders:picks": ("POST", nothing, CLIENTS_ACT),
    "orders:cart_fill": ("POST", nothing, "login 422 422 422 422 422 403 403 403 403 login"),
    "orders:cart_line": ("POST", lambda it: {"pk": it.line.pk}, "login 422 404 404 404 404 403 403 403 403 login"),
    "orders:cart_clear": ("POST", lambda it: {"pk": it.cart.pk}, "login 302 404 404 404 404 403 403 403 403 login"),
    "orders:cart_choose": ("POST", lambda it: {"pk": it.cart.pk}, "login 302 404 404 404 404 403 403 403 403 login"),
    "orders:distribute": ("GET", lambda it: {"pk": it.cart.pk}, "login 200 404 404 404 404 403 403 403 403 login"),
    "orders:shortage": ("GET", lambda it: {"pk": it.cart.pk}, "login 302 404 404 404 404 403 403 403 403 login"),
    "orders:cart_line_note": ("GET", lambda it: {"pk": it.line.pk}, "login 200 404 404 404 404 403 403 403 403 login"),
    "orders:carts": ("GET", nothing, CLIENTS),
    "orders:cart_create": ("POST", nothing, CLIENTS_ACT),
    "orders:carts_checkout": ("GET", nothing, CLIENTS_ACT),
    "orders:carts_sent": ("GET", nothing, CLIENTS),
    "orders:cart_open": ("GET", cart_pk, CART_OWNER),
    "orders:cart_copy": ("POST", cart_pk, CART_OWNER.replace("200", "302")),
    "orders:cart_rename": ("POST", cart_pk, CART_OWNER.replace("200", "302")),
    "orders:cart_share": ("POST", cart_pk, CART_OWNER.replace("200", "302")),
    "orders:cart_delete": ("POST", cart_pk, CART_OWNER.replace("200", "302")),
    "orders:cart_lines": ("POST", cart_pk, CART_OWNER.replace("200", "302")),
    "orders:cart_put": ("GET", saved_cart_pk, CART_OWNER),
    "orders:cart_update": ("GET", saved_cart_pk, CART_OWNER),
    "orders:schedule": ("GET", saved_cart_pk, CART_OWNER),
    "orders:schedule_move": ("POST", saved_cart_pk, CART_OWNER.replace("200", "302")),
    "orders:cart_places": ("GET", cart_pk, CART_OWNER),
    "orders:review_search": ("GET", nothing, SIGNED_IN),
    "orders:reviews": ("GET", lambda it: {"pk": it.world.skus[0].product_id}, SIGNED_IN),
    "orders:review_write": ("POST", lambda it: {"pk": it.world.skus[0].product_id}, "login 422 422 422 302 302 403 403 403 403 login"),
    "orders:uploads": ("GET", nothing, CLIENTS),
    "orders:upload_send": ("POST", nothing, "login 422 422 422 422 422 403 403 403 403 login"),
    "orders:upload": ("GET", upload_uid, UPLOADER),
    "orders:upload_read": ("POST", upload_uid, UPLOADER_ACTS),
    "orders:upload_row": ("POST", lambda it: upload_uid(it) | {"position": 1}, UPLOADER_ACTS),
    "orders:upload_cart": ("POST", upload_uid, UPLOADER_ACTS),
    "orders:upload_forget": ("POST", upload_uid, UPLOADER_ACTS),
    "orders:upload_result": ("GET", upload_uid, UPLOADER),
    "orders:upload_original": ("GET", upload_uid, UPLOADER),
    "orders:codes": ("GET", nothing, CLIENTS),
    "orders:codes_export": ("GET", nothing, CLIENTS),
    "orders:codes_send": ("POST", nothing, CLIENTS_ACT),
    "orders:code_remove": ("POST", lambda it: {"pk": it.code.pk}, "login 302 302 302 404 404 403 403 403 403 login"),
    "orders:code_restore": ("POST", lambda it: {"pk": it.code.pk}, "login 302 302 302 404 404 403 403 403 403 login"),
    "orders:assortment": ("GET", nothing, CLIENTS),
    "orders:pad": ("GET", nothing, CLIENTS),
    "orders:pad_rows": ("POST", nothing, "login 409 409 409 409 409 403 403 403 403 login"),
    "orders:checkout": ("GET", nothing, "login 200 302 302 302 302 403 403 403 403 login"),
    "orders:list": ("GET", nothing, SIGNED_IN),
    "orders:stuck": ("GET", nothing, "login 403 403 403 403 403 200 200 200 403 login"),
    "orders:export": ("GET", nothing, SIGNED_IN),
    "orders:view_save": ("POST", nothing, SIGNED_IN.replace("200", "302")),
    "orders:view_change": ("POST", lambda it: {"pk": it.view.pk}, "login 302 404 404 404 404 404 404 404 404 login"),
    "orders:detail": ("GET", order_pk, OWNERS),
    "orders:confirm": ("POST", order_pk, "login 403 403 403 403 403 302 404 302 403 login"),
    "orders:cancel": ("POST", order_pk, "login 302 404 302 404 404 302 404 302 403 login"),
    "orders:reject": ("POST", order_pk, "login 403 403 403 403 403 302 404 302 403 login"),
    "orders:hold": ("POST", order_pk, "login 403 403 403 403 403 302 404 302 403 login"),
    "orders:release": ("POST", order_pk, "login 403 403 403 403 403 302 404 302 403 login"),
    "orders:approve": ("POST", order_pk, "login 302 404 302 404 404 403 403 403 403 login"),
    "orders:decline": ("POST", order_pk, "login 302 404 302 404 404 403 403 403 403 login"),
    "orders:repeat": ("POST", order_pk, "login 302 404 302 404 404 403 403 403 403 login"),
    "orders:payment": ("POST", order_pk, "login 403 403 403 403 403 422 404 422 403 login"),
    "finance:settlements": ("GET", nothing, "login 403 403 200 403 200 403 403 403 403 login"),
    "documents:list": ("GET", nothing, "login 200 200 200 200 200 200 200 200 403 login"),
    "documents:request_act": ("POST", nothing, "login 403 403 302 403 302 302 302 302 403 login"),
    "documents:request_original": ("POST", lambda it: {"pk": it.shipment.pk}, "login 302 404 302 404 404 302 404 302 403 login"),
    "documents:received": ("GET", lambda it: {"uid": it.received.uid}, DOCUMENT_OWNERS),
    "documents:download": ("GET", lambda it: {"uid": it.invoice.uid}, DOCUMENT_OWNERS),
    "counterparties:legal_entity": ("POST", nothing, "login 404 404 404 404 404 403 403 403 403 login"),
    "counterparties:holding": ("POST", nothing, "login 404 404 404 404 404 403 403 403 403 login"),
    "counterparties:invitation": ("GET", lambda it: {"token": "1-1.no"}, "410 410 410 410 410 410 410 410 410 410 410"),
    "counterparties:people": ("GET", nothing, HEADS),
    "counterparties:people_log": ("GET", nothing, HEADS),
    "counterparties:invite": ("GET", nothing, HEADS),
    "counterparties:invitation_resend": ("POST", lambda it: {"pk": it.invitation.pk}, HEAD_ACTS),
    "counterparties:invitation_revoke": ("POST", lambda it: {"pk": it.invitation.pk}, HEAD_ACTS),
    "counterparties:roles": ("GET", nothing, HEADS),
    "counterparties:role_new": ("POST", nothing, "login 403 403 302 403 302 403 403 403 403 login"),
    "counterparties:role": ("GET", lambda it: {"pk": it.own_role.pk}, HEAD_SEES),
    "counterparties:role_remove": ("POST", lambda it: {"pk": it.own_role.pk}, HEAD_ACTS),
    "counterparties:stage_approve": ("POST", stage_pk, HEAD_ACTS),
    "counterparties:stage_decline": ("POST", stage_pk, HEAD_ACTS),
    "counterparties:stage_revoke": ("POST", stage_pk, HEAD_ACTS),
    "counterparties:person": ("GET", member_pk, HEAD_SEES),
    "counterparties:person_deactivate": ("GET", member_pk, HEAD_SEES),
    "counterparties:person_reactivate": ("POST", member_pk, HEAD_ACTS),
    "counterparties:preview": ("POST", member_pk, HEAD_ACTS),
    "counterparties:stage_give": ("POST", lambda it: member_pk(it) | {"stage": 3}, HEAD_ACTS),
    "counterparties:preview_leave": ("POST", nothing, CLIENTS_ACT),
    "counterparties:my_rights": ("GET", nothing, CLIENTS),
    "counterparties:stage_request": ("POST", nothing, CLIENTS_ACT),
    "counterparties:enter": ("POST", nothing, "login 400 400 400 400 400 400 400 400 400 login"),
    "counterparties:leave": ("POST", nothing, "login 403 403 403 403 403 403 403 403 403 login"),
    "counterparties:clients": ("GET", nothing, STAFF),
    "counterparties:client": (
        "GET", lambda it: {"pk": it.world.holding.pk}, "login 403 403 403 403 403 200 404 200 403 login"
    ),
}  # fmt: skip
MATRIX |= COMPANY_ROWS | VISIT_ROWS | PAPER_ROWS | PRICE_LIST_ROWS | SHIPMENT_ROWS | WATCH_ROWS
MATRIX |= QUOTE_ROWS | MORNING_ROWS
MATRIX |= MERGING_ROWS | MONEY_ROWS | EDO_ROWS | CONTRACT_ROWS | ACT_ROWS | TALK_ROWS
MATRIX |= CALCULATOR_ROWS
MATRIX |= CLAIM_ROWS


@pytest.fixture
def objects() -> Objects:
    world = make_world()
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    order = order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=world.address.pk,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )
    make_company_objects(world)
    make_visit_objects(world)
    make_talk(world)
    make_price_list(world)
    make_watches(world)
    make_exchange_papers(order)
    make_first_act(world)
    make_calculation(world)
    order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=AT)
    classifier = Classifier.objects.create(name="По виду")
    section = Section.objects.create(classifier=classifier, name="Крепеж", sort_key="крепеж")
    ProductSection.objects.bulk_create(
        ProductSection(product=sku.product, section=section) for sku in world.skus
    )
    return Objects(
        world=world,
        order=order,
        invoice=invoice_issue(order_id=order.pk, at=AT),
        received=make_received(world.entity, order=order),
        shipment=ErpDocument.objects.create(part=order.parts.get(), kind=ErpDocumentKind.SHIPMENT),
        cart=cart,
        line=CartLine.objects.create(cart=cart, sku=world.skus[1], quantity=1),
        section=section,
        picture=Picture.objects.create(
            product=world.skus[0].product,
            source_path="import_files/1.png",
            file=store(content=PNG, name="1.png", mime="image/png"),
        ),
        paper=ProductPaper.objects.create(
            product=world.skus[0].product,
            kind=PaperKind.CERTIFICATE,
            file=store(content=b"%PDF-1.4\n%%EOF\n", name="1.pdf", mime="application/pdf"),
        ),
        invitation=invitation_send(
            actor=actor_of(world.head),
            email="anna@dealer.example",
            rights=Rights(ready_role(ReadyRole.VIEWER).pk, None, None, Stage.ORDERS, None),
            at=AT,
        ),
        own_role=Role.objects.create(holding=world.holding, name="Логист"),
        view=OrderView.objects.create(user=world.buyer, name="Мои", query="state=submitted"),
        watch=ArrivalWatch.objects.create(
            user=world.buyer, city=world.city, sku=world.skus[0], created_at=AT
        ),
        article=Article.objects.create(
            title="Статья", slug="article", body="<p>Текст</p>", is_published=True, published_at=AT
        ),
        upload=make_upload(world.buyer, cart, world.skus[0]),
        code=make_code(world.holding, world.skus[0]),
    )


@pytest.fixture
def people(objects: Objects) -> dict[str, User | None]:
    world = objects.world
    return {
        "anonymous": None,
        "buyer": world.buyer,
        "colleague": make_person(world.holding, ReadyRole.BUYER),
        "head": world.head,
        "other_buyer": world.other_buyer,
        "other_head": make_person(world.other_holding, ReadyRole.HEAD),
        "manager": world.manager,
        "other_manager": world.other_manager,
        "administrator": world.administrator,
        "nobody": make_user("Без клиента"),
        "dismissed": make_person(world.holding, ReadyRole.HEAD),
        "applicant": applicant(world),
        "exchange": None,
    }


def applicant(world: World) -> User:
    """Somebody whose company's application waits for a manager."""
    registration = on_review(world.city, email="applicant@matrix.example")
    assert registration.user is not None
    return registration.user


def exchange_account() -> None:
    node = ExchangeNode(code="matrix", name="УТ", username="1c")
    node.set_password("exchange-password")
    node.save()


def our_addresses() -> set[str]:
    """Names of all addresses but those of Django's admin, allauth and hijack."""

    def walk(patterns: list[URLPattern | URLResolver], space: str) -> set[str]:
        found: set[str] = set()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                found.add(f"{space}{pattern.name}")
            elif pattern.app_name not in {"admin", "hijack"} and "allauth" not in str(pattern.urlconf_name):
                name = f"{space}{pattern.namespace}:" if pattern.namespace else space
                found |= walk(pattern.url_patterns, name)
        return found

    return walk(get_resolver().url_patterns, "")


def test_matrix_names_every_address() -> None:
    assert set(MATRIX) == our_addresses()


def test_every_address_answers_every_persona_as_written(
    objects: Objects, people: dict[str, User | None]
) -> None:
    exchange_account()
    columns = {name: dict(zip(PERSONAS, row[2].split(), strict=True)) for name, row in MATRIX.items()}
    wanted = {
        name: " ".join([*column.values(), *(column[like] for like in ALIKE.values())])
        for name, column in columns.items()
    }

    seen = {
        name: " ".join(
            _answer(objects, row, reverse(name, kwargs=row[1](objects)), people[persona], persona)
            for persona in (*PERSONAS, *ALIKE)
        )
        for name, row in MATRIX.items()
    }

    assert seen == wanted


def _answer(objects: Objects, row: Row, address: str, user: User | None, persona: str) -> str:
    """Ask as the person and take back whatever the answer wrote."""
    point = transaction.savepoint()
    client = _client_of(user, is_dismissed=persona == "dismissed")
    if persona == "exchange":
        client.defaults["HTTP_AUTHORIZATION"] = BASIC
    answer = client.generic(row[0], address)
    answer.getvalue()  # a streamed file is closed at its end
    transaction.savepoint_rollback(point)
    is_login = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    return LOGIN if is_login else str(answer.status_code)


def _client_of(user: User | None, *, is_dismissed: bool) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
        if is_dismissed:
            User.objects.filter(pk=user.pk).update(is_active=False)
    return client
