"""What is sent: one form that fits every page, filled with somebody's ids; and parameters of lists."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.documents.contracts.samples import picture
from tests.sweep.canaries import bait
from tests.sweep.things import Corner, Goods

Body = dict[str, object]
SCAN = picture()

ID_FIELDS: dict[str, str] = {
    "legal_entity": "entity", "legal_entities": "entity", "entities": "entity", "counterparty": "entity",
    "cart": "cart", "contract": "contract", "delivery": "address", "delivery_address": "address",
    "role": "role", "sample": "role", "heir": "head_membership", "membership": "membership",
    "person": "user", "user": "user", "user_pk": "user", "holding": "holding", "target": "holding",
    "order": "order", "bank_account": "account", "account_pk": "account", "manager": "manager",
    "line": "line", "difference": "difference",
}  # fmt: skip
"""Form fields that take an id, by the kind of id. A new one belongs here."""

OWN_WORDS: dict[str, Body] = {
    "counterparties:access_grant": {"role": "viewer"},
    "counterparties:registration_attach": {"role": "buyer"},
    "orders:cart_line": {"quantity": "3"},
    "orders:cart_lines": {"act": "copy", "target": "new"},
    "orders:cart_share": {"sharing": "own"},
    "orders:shipment_move": {"state": "cancelled"},
    "orders:change_decide": {"what": "withdraw"},
    "documents:act_remark": {"line": "2", "difference": ""},
    "documents:contract_move": {"act": "take"},
    "documents:contract_accept": {"scan_has_both": "on"},
    "documents:contract_file_new": {"role": "our_signed"},
}
"""Where a field has another meaning than elsewhere."""


def body_of(name: str, corner: Corner, goods: Goods) -> Body:
    """A form for the address with the corner's ids, and the fields that nobody may set on himself."""
    words: Body = {
        "quantity": "1", "sku": goods.skus[0].pk, "city": goods.city.pk, "stage": 3, "reason": "нужно",
        "answer": "нет", "comment": "слово", "message": "слово", "name": "Имя", "email": "new@person.example",
        "accepted": ["phone"], "expected_total": corner.ids["total"], "inn": corner.ids["inn"],
        "idempotency_key": "11111111-1111-4111-8111-111111111111", "amount": "10", "document_number": "17",
        "paid_on": timezone.localdate().isoformat(), "kind": "ooo", "full_name": "Имя Имя",
        "bic": "044525225",
        "account": "40702810138250123017", "correspondent_account": "30101810400000000225",
        "bank_name": "ПАО СБЕРБАНК", "address": "Москва, Тверская, 1", "legal_address": "Москва, Тверская, 1",
        "holding_name": "Новый", "is_new_in_spite": "on",
        "first_stage": 1, "order_view": "own", "is_allowed": "on",
        "is_staff": "on", "is_superuser": "on", "groups": "1", "credit_limit": "1000000", "is_active": "",
        f"q-{goods.skus[0].pk}": "2", "place": f"{corner.ids['contract']}-{goods.city.pk}", "round": "0",
        "only": f"{corner.ids['entity']}-{corner.ids['contract']}", f"put-{corner.ids['line']}": "sum",
        "rating": "5", "text": "слово", "take": goods.skus[0].pk,
        "code": goods.skus[0].article, "unit": "", "fix": "1:2",
        "login": corner.emails[0], "password": "wrong", "valid_until": "", "q": "",
    }  # fmt: skip
    words |= {field: corner.ids[kind] for field, kind in ID_FIELDS.items()}
    if name == "documents:contract_file_new":
        words["file"] = SimpleUploadedFile("скан.png", SCAN)
    if name == "orders:claim_files":
        words["photos"] = SimpleUploadedFile("бой.png", SCAN)
    return words | OWN_WORDS.get(name, {})


def baited(tag: str) -> dict[str, str]:
    """Search for somebody's canaries."""
    return {"q": bait(tag), "search": bait(tag)}


def narrowed(corner: Corner) -> dict[str, object]:
    """Filter and sort a list by somebody's ids and by fields that lists do not have."""
    ids = {field: corner.ids[kind] for field, kind in ID_FIELDS.items()}
    return ids | {"ordering": "created_by__email", "sort": "legal_entity__holding__name", "page": "2"}
