# ruff: noqa: E501
"""Company data by ИНН: a local stand-in of DaData with its faults, and the page that must not care."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from counterparties.lookup import CompanyFacts, LookupUnavailable, ManualEntry, company_lookup
from integrations.dadata.client import DadataLookup

INN = "7707083893"
FIRM: dict[str, Any] = {
    "value": "ПАО СБЕРБАНК",
    "unrestricted_value": "ПАО СБЕРБАНК",
    "data": {
        "inn": INN,
        "kpp": "773601001",
        "ogrn": "1027700132195",
        "type": "LEGAL",
        "branch_type": "MAIN",
        "name": {"full_with_opf": "ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО СБЕРБАНК", "short_with_opf": "ПАО СБЕРБАНК"},
        "opf": {"code": "12247", "full": "Публичное акционерное общество", "short": "ПАО"},
        "management": {"name": "Греф Герман Оскарович", "post": "ПРЕЗИДЕНТ", "disqualified": None},
        "state": {"status": "ACTIVE", "registration_date": 677376000000, "liquidation_date": None},
        "address": {"value": "г Москва, ул Вавилова, д 19", "unrestricted_value": "117312, г Москва, ул Вавилова, д 19"},
        "phones": None,
    },
}  # fmt: skip
PERSON: dict[str, Any] = {
    "value": "ИП Петров П. П.",
    "data": {
        "inn": "500100732259",
        "kpp": None,
        "ogrn": "304500116000157",
        "type": "INDIVIDUAL",
        "name": {"full_with_opf": "Индивидуальный предприниматель Петров Петр Петрович", "short_with_opf": "ИП Петров П. П."},
        "fio": {"surname": "Петров", "name": "Петр", "patronymic": "Петрович"},
        "state": {"status": "LIQUIDATED"},
        "address": None,
    },
}  # fmt: skip


class StandIn:
    """What the directory will answer, and what it was asked."""

    def __init__(self) -> None:
        self.answer: tuple[int, str] = (200, json.dumps({"suggestions": [FIRM]}))
        self.delay = 0.0
        self.is_dropped = False
        self.drip = 0.0
        self.questions: list[tuple[str, str | None, Any]] = []


@pytest.fixture
def directory(settings: Any) -> Iterator[StandIn]:
    """A local server in DaData's shape, and settings that lead to it."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            stand_in.questions.append((self.path, self.headers["Authorization"], json.loads(body)))
            time.sleep(stand_in.delay)
            if stand_in.is_dropped:
                self.close_connection = True
                return
            status, text = stand_in.answer
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            if not stand_in.drip:
                self.wfile.write(text.encode())
                return
            with contextlib.suppress(OSError):
                for letter in text:
                    self.wfile.write(letter.encode())
                    time.sleep(stand_in.drip)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.DADATA_URL = f"http://127.0.0.1:{server.server_port}"
    settings.DADATA_KEY = "secret-key"
    settings.DADATA_TIMEOUT_SECONDS = 20  # a busy machine is no slow directory
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()  # a cache of its own: tests beside this one empty the shared one
    settings.COMPANY_LOOKUP = "integrations.dadata.client.DadataLookup"
    yield stand_in
    server.shutdown()
    server.server_close()
    thread.join()


def answers(directory: StandIn, *suggestions: dict[str, Any]) -> None:
    directory.answer = (200, json.dumps({"suggestions": list(suggestions)}))


# --- off by default ------------------------------------------------------------------------------
def test_lookup_is_off_without_a_key() -> None:
    lookup = company_lookup()

    assert isinstance(lookup, ManualEntry)
    assert lookup.company_by_inn(INN) is None


# --- what it understands -------------------------------------------------------------------------
def test_firm_is_read_and_asked_with_the_key(directory: StandIn) -> None:
    facts = company_lookup().company_by_inn(INN)

    assert facts == CompanyFacts(
        kind="ao",  # type: ignore[arg-type]
        inn=INN,
        kpp="773601001",
        ogrn="1027700132195",
        name="ПАО СБЕРБАНК",
        full_name="ПУБЛИЧНОЕ АКЦИОНЕРНОЕ ОБЩЕСТВО СБЕРБАНК",
        legal_address="117312, г Москва, ул Вавилова, д 19",
        head_position="Президент",
        head_name="Греф Герман Оскарович",
        is_active=True,
    )
    assert directory.questions == [
        (
            "/suggestions/api/4_1/rs/findById/party",
            "Token secret-key",
            {"query": INN, "count": 1, "branch_type": "MAIN"},
        )
    ]


def test_entrepreneur_who_closed_is_read_with_a_note(directory: StandIn) -> None:
    answers(directory, PERSON)

    facts = DadataLookup().company_by_inn("500100732259")

    assert facts is not None
    assert (facts.kind, facts.kpp, facts.head_name, facts.legal_address) == (
        "ip",
        "",
        "Петров Петр Петрович",
        "",
    )
    assert (facts.is_active, facts.note) == (False, "Компания ликвидирована")


def test_absent_company_is_none_and_remembered(directory: StandIn) -> None:
    answers(directory)

    found = [DadataLookup().company_by_inn(INN) for _time in range(2)]

    assert found == [None, None]
    assert len(directory.questions) == 1


def test_answer_is_kept_for_a_day(directory: StandIn) -> None:
    first = DadataLookup().company_by_inn(INN)
    directory.answer = (500, "")

    assert DadataLookup().company_by_inn(INN) == first
    assert len(directory.questions) == 1


# --- faults --------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [202, 301, 400, 401, 403, 404, 405, 413, 429, 500, 503])
def test_refusal_is_unavailable(directory: StandIn, status: int) -> None:
    directory.answer = (status, json.dumps({"suggestions": [FIRM]}))

    with pytest.raises(LookupUnavailable, match=f"status {status}"):
        DadataLookup().company_by_inn(INN)


@pytest.mark.parametrize(
    "body",
    [
        "", "not json", "[]", "null", "{}", '{"suggestions": null', '{"suggestions": [{}]}',
        '{"suggestions": [{"data": []}]}', '{"suggestions": [{"data": {"inn": "1"}}]}', '{"suggestions": {"a": 1}}',
    ],
)  # fmt: skip
def test_malformed_answer_is_unavailable(directory: StandIn, body: str) -> None:
    directory.answer = (200, body)

    with pytest.raises(LookupUnavailable):
        DadataLookup().company_by_inn(INN)


def test_slow_answer_is_cut_off(directory: StandIn, settings: Any) -> None:
    settings.DADATA_TIMEOUT_SECONDS = 0.3
    directory.delay = 3
    begun = time.monotonic()

    with pytest.raises(LookupUnavailable, match="ReadTimeout"):
        DadataLookup().company_by_inn(INN)

    assert time.monotonic() - begun < directory.delay


def test_dripping_answer_is_cut_off(directory: StandIn, settings: Any) -> None:
    settings.DADATA_TIMEOUT_SECONDS = 0.3
    directory.drip = 0.1
    begun = time.monotonic()

    with pytest.raises(LookupUnavailable, match="answer too slow"):
        DadataLookup().company_by_inn(INN)

    assert time.monotonic() - begun < directory.drip * len(directory.answer[1])


def test_endless_answer_is_cut_off(directory: StandIn) -> None:
    directory.answer = (200, " " * 2_100_000)

    with pytest.raises(LookupUnavailable, match="answer too long"):
        DadataLookup().company_by_inn(INN)


def test_dropped_connection_is_unavailable(directory: StandIn) -> None:
    directory.is_dropped = True

    with pytest.raises(LookupUnavailable, match="RemoteProtocolError"):
        DadataLookup().company_by_inn(INN)


def test_nobody_waits_after_three_failures(directory: StandIn) -> None:
    directory.answer = (500, "")
    for _time in range(3):
        with pytest.raises(LookupUnavailable, match="status 500"):
            DadataLookup().company_by_inn(INN)

    with pytest.raises(LookupUnavailable, match="resting"):
        DadataLookup().company_by_inn(INN)

    assert len(directory.questions) == 3
    cache.clear()
    answers(directory, FIRM)
    assert DadataLookup().company_by_inn(INN) is not None


# --- the page ------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_page_is_filled_in_from_the_directory(directory: StandIn) -> None:
    client = Client()
    client.post(reverse("counterparties:join"), {"inn": INN})

    form = client.get(reverse("counterparties:join_company")).context["form"]

    assert [form[name].value() for name in ("kind", "name", "kpp", "ogrn", "head_name")] == [
        "ao", "ПАО СБЕРБАНК", "773601001", "1027700132195", "Греф Герман Оскарович",
    ]  # fmt: skip
    assert "secret-key" not in client.get(reverse("counterparties:join_company")).content.decode()


@pytest.mark.django_db
def test_page_opens_for_typing_when_the_directory_fails(directory: StandIn) -> None:
    directory.answer = (503, "")
    client = Client()

    answer = client.post(reverse("counterparties:join"), {"inn": INN})
    page = client.get(answer["Location"])

    assert page.status_code == 200
    assert page.context["form"]["name"].value() is None
