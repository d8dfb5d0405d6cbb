"""Applications of companies at each step, made through the services."""

from typing import Any

from catalog.models import City
from counterparties.models import ConsentKind, Registration
from counterparties.services.consents import consent_text_current
from counterparties.services.registration import Application, registration_confirm, registration_start
from portal.outbox.models import Job
from tests.factories import AT, make_inn

PASSWORD = "correct horse battery staple"
EMAIL = "ivan@newcomer.example"


def application(city: City, **changes: Any) -> Application:
    values: dict[str, Any] = {
        "kind": "ooo",
        "name": "ООО «Новичок»",
        "full_name": "Общество с ограниченной ответственностью «Новичок»",
        "inn": make_inn(),
        "kpp": "770101001",
        "ogrn": "",
        "legal_address": "101000, г. Москва, ул. Мясницкая, д. 1",
        "head_position": "Директор",
        "head_name": "Новиков Иван Петрович",
        "contact_name": "Иван Новиков",
        "contact_position": "Директор",
        "phone": "+7 495 123-45-67",
        "email": EMAIL,
        "city": city,
    }
    return Application(**(values | changes))


def started(city: City, **changes: Any) -> Registration:
    """An application whose address is not confirmed yet."""
    texts = [consent_text_current(kind, at=AT) for kind in ConsentKind]
    return registration_start(application=application(city, **changes), texts=texts, ip="203.0.113.7", at=AT)


def on_review(city: City, **changes: Any) -> Registration:
    """An application that waits for the manager; the person is new unless he has an account."""
    return registration_confirm(registration_id=started(city, **changes).pk, password=PASSWORD, at=AT)


def jobs() -> list[str]:
    """Handlers that wait to be run, by their short names."""
    return sorted(name.rpartition(".")[2] for name in Job.objects.values_list("handler", flat=True))
