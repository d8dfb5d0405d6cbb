"""What may be talked about: a reference of a thing that the actor sees becomes the subject of a talk.

A new kind of thing adds one finder, and its page to `_PAGES`, so that the manager's card knows where one is.
"""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from catalog.models import Product
from counterparties.actor import Actor
from counterparties.models import Holding
from counterparties.selectors import memberships_valid
from counterparties.talk_subjects import TalkSubject
from documents.models import Act, Document, ReceivedDocument
from documents.states import DocumentKind, ReceivedKind
from orders.models import Claim, ErpDocument, Order, Quote, ShipmentRequest
from portal.lib.dates import format_date

Numbered = TypeVar("Numbered", Order, ShipmentRequest, Claim)
Paper = TypeVar("Paper", Document, ReceivedDocument, Act, Quote)
Finder = Callable[[Actor, str], TalkSubject | None]

_LONGEST_NUMBER = 15


def talk_subject(actor: Actor, reference: str) -> TalkSubject:
    """The thing of a reference (`order:17`), "" for nothing certain. Raises Http404 for what is not seen."""
    kind, _colon, name = reference.partition(":")
    finder = _FINDERS.get(kind)
    found = finder(actor, name) if finder else None
    if found is None:
        raise Http404(reference)
    return found


def reference_of_page(address: str) -> str:
    """What the page at an address is about, as `about` in the address of a new talk; "" for others."""
    try:
        match = resolve(urlsplit(address).path)
    except (Resolver404, ValueError):
        return ""
    kind = _PAGES.get(match.view_name)
    name = match.kwargs.get("pk") or match.kwargs.get("uid")
    return f"{kind}:{name}" if kind and name else ""


def _nothing_certain(actor: Actor, name: str) -> TalkSubject | None:
    if not actor.is_client or name:
        return None
    return TalkSubject("", _("Общие вопросы"), "", holding_id=actor.holding_id or 0)


def _person(actor: Actor, name: str) -> TalkSubject | None:
    """The seller writes to a person of a client first: `person:<user>.<holding>`."""
    user, _dot, holding = name.partition(".")
    if actor.is_client or not (_is_number(user) and _is_number(holding)):
        return None
    here = Holding.objects.visible_to(actor).filter(pk=int(holding))
    valid = memberships_valid(timezone.localdate()).filter(
        holding__in=here, user_id=int(user), user__is_active=True
    )
    if not valid.exists():
        return None
    return TalkSubject("", _("Общие вопросы"), "", holding_id=int(holding), person_id=int(user))


def _product(actor: Actor, name: str) -> TalkSubject | None:
    if not actor.is_client or not _is_number(name):
        return None
    product = Product.objects.filter(pk=int(name)).first()
    if product is None:
        return None
    return TalkSubject(
        f"product:{product.pk}",
        product.name,
        reverse("catalog:product", args=[product.pk]),
        holding_id=actor.holding_id or 0,
    )


def _order(actor: Actor, name: str) -> TalkSubject | None:
    order = _numbered(Order, actor, name)
    return None if order is None else _about_order(order, f"order:{order.pk}", f"Заказ {order.label}")


def _about_order(order: Order, reference: str, title: str) -> TalkSubject:
    return TalkSubject(
        reference,
        title,
        reverse("orders:detail", args=[order.pk]),
        holding_id=order.holding_id,
        legal_entity_id=order.legal_entity_id,
        permission=Permission.ORDER_VIEW,
        author_ids=_people(order.created_by_id),
    )


def _shipment(actor: Actor, name: str) -> TalkSubject | None:
    """A shipment of 1C is seen with its order."""
    if not _is_number(name):
        return None
    visible = Order.objects.visible_to(actor)
    papers = ErpDocument.objects.filter(pk=int(name), part__order__in=visible).select_related("part__order")
    paper = papers.first()
    return None if paper is None else _about_order(paper.part.order, f"shipment:{paper.pk}", str(paper))


def _shipment_request(actor: Actor, name: str) -> TalkSubject | None:
    request = _numbered(ShipmentRequest, actor, name)
    if request is None:
        return None
    return TalkSubject(
        f"shipment_request:{request.pk}",
        _("Заявка на отгрузку {number}").format(number=request.number),
        reverse("orders:shipment_request", args=[request.pk]),
        holding_id=request.legal_entity.holding_id,
        legal_entity_id=request.legal_entity_id,
        permission=Permission.ORDER_VIEW,
        author_ids=_people(request.created_by_id),
    )


def _quote(actor: Actor, name: str) -> TalkSubject | None:
    quote = _papers(Quote, actor, name)
    if quote is None:
        return None
    return TalkSubject(
        quote.reference,
        _("Запрос цен {number}").format(number=quote.number),
        reverse("orders:quote", args=[quote.uid]),
        holding_id=quote.holding_id,
        legal_entity_id=quote.legal_entity_id,
        permission=Permission.ORDER_VIEW,
        author_ids=_people(quote.created_by_id),
    )


def _claim(actor: Actor, name: str) -> TalkSubject | None:
    claim = _numbered(Claim, actor, name, "shipment__part__order")
    if claim is None:
        return None
    return TalkSubject(
        claim.reference,
        _("Рекламация {number}").format(number=claim.number),
        reverse("orders:claim", args=[claim.pk]),
        holding_id=claim.holding_id,
        legal_entity_id=claim.legal_entity_id,
        permission=Permission.ORDER_VIEW,
        author_ids=_people(claim.created_by_id, claim.shipment.part.order.created_by_id),
    )


def _document(actor: Actor, name: str) -> TalkSubject | None:
    paper = _papers(Document, actor, name)
    if paper is None:
        return None
    is_act = paper.kind == DocumentKind.ACT
    kind, _colon, order_pk = paper.reference.partition(":")
    orders = Order.objects.filter(
        Q(parts__documents=paper) | Q(pk=int(order_pk) if kind == "order" and _is_number(order_pk) else 0)
    )
    return TalkSubject(
        f"document:{paper.pk}",
        f"{paper.get_kind_display()} № {paper.number_print}",
        reverse("documents:detail", args=[paper.uid]),
        holding_id=paper.legal_entity.holding_id,
        legal_entity_id=paper.legal_entity_id,
        permission=Permission.FINANCE_VIEW if is_act else Permission.DOCUMENT_VIEW,
        author_ids=_authors_of(orders, is_act=is_act),
    )


def _received(actor: Actor, name: str) -> TalkSubject | None:
    paper = _papers(ReceivedDocument, actor, name)
    if paper is None:
        return None
    is_act = paper.kind == ReceivedKind.ACT
    orders = Order.objects.filter(parts__received_documents=paper)
    return TalkSubject(
        f"received:{paper.pk}",
        f"{paper.get_kind_display()} № {paper.number}",
        reverse("documents:received_detail", args=[paper.uid]),
        holding_id=paper.legal_entity.holding_id,
        legal_entity_id=paper.legal_entity_id,
        permission=Permission.FINANCE_VIEW if is_act else Permission.DOCUMENT_VIEW,
        author_ids=_authors_of(orders, is_act=is_act),
    )


def _act(actor: Actor, name: str) -> TalkSubject | None:
    act = _papers(Act, actor, name)
    if act is None:
        return None
    return TalkSubject(
        f"act:{act.pk}",
        _("Акт сверки за {since} – {until}").format(
            since=format_date(act.period_from), until=format_date(act.period_to)
        ),
        reverse("documents:act", args=[act.uid]),
        holding_id=act.legal_entity.holding_id,
        legal_entity_id=act.legal_entity_id,
        permission=Permission.FINANCE_VIEW,
    )


def _numbered(rows: type[Numbered], actor: Actor, name: str, *also: str) -> Numbered | None:
    if not _is_number(name):
        return None
    return rows.objects.visible_to(actor).select_related("legal_entity", *also).filter(pk=int(name)).first()


def _authors_of(orders: QuerySet[Order], *, is_act: bool) -> frozenset[int]:
    """Who placed the orders of a paper; an act belongs to no order."""
    return frozenset() if is_act else _people(*orders.values_list("created_by_id", flat=True))


def _people(*pks: int | None) -> frozenset[int]:
    """An order of 1C may be nobody's."""
    return frozenset(pk for pk in pks if pk is not None)


def _papers(rows: type[Paper], actor: Actor, name: str) -> Paper | None:
    """A paper by its number or by the uid in its address."""
    visible = rows.objects.visible_to(actor).select_related("legal_entity")
    if _is_number(name):
        return visible.filter(pk=int(name)).first()
    try:
        return visible.filter(uid=UUID(name)).first()
    except ValueError:
        return None


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) <= _LONGEST_NUMBER


_FINDERS: dict[str, Finder] = {
    "": _nothing_certain,
    "person": _person,
    "product": _product,
    "order": _order,
    "shipment": _shipment,
    "shipment_request": _shipment_request,
    "quote": _quote,
    "claim": _claim,
    "document": _document,
    "received": _received,
    "act": _act,
}
_PAGES = {
    "catalog:product": "product",
    "orders:detail": "order",
    "orders:shipment_request": "shipment_request",
    "orders:quote": "quote",
    "orders:claim": "claim",
    "documents:detail": "document",
    "documents:received_detail": "received",
    "documents:act": "act",
}
