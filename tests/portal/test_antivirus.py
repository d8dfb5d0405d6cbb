"""What an antivirus says, and what is done when it says nothing."""

import socket
from io import BytesIO

import pytest
from pytest_django import Settings

from portal.files.antivirus import AntivirusSilent, Clamd, Infected, NoAntivirus, antivirus
from portal.files.scans import ScanRefused, scan_read
from tests.documents.contracts.samples import pdf
from tests.standins.clamd import Clamd as StandIn

CONTENT = b"x" * 200_000  # several pieces


def test_clean_file_passes_and_comes_over_whole() -> None:
    with StandIn("stream: OK") as service:
        Clamd(service.address, seconds=5).scan(BytesIO(CONTENT))

    assert service.received == [CONTENT]


def test_found_is_named() -> None:
    with StandIn("stream: Win.Test.EICAR_HDB-1 FOUND") as service, pytest.raises(Infected) as caught:
        Clamd(service.address, seconds=5).scan(BytesIO(CONTENT))

    assert caught.value.finding == "Win.Test.EICAR_HDB-1"


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR", "", None, "stream: WHAT"])
def test_anything_else_lets_nothing_through(answer: str | None) -> None:
    with StandIn(answer) as service, pytest.raises(AntivirusSilent):
        Clamd(service.address, seconds=5).scan(BytesIO(CONTENT))


def test_slow_one_is_not_waited_for() -> None:
    with StandIn("stream: OK", wait=5) as service, pytest.raises(AntivirusSilent):
        Clamd(service.address, seconds=0.2).scan(BytesIO(CONTENT))


def test_unreachable_one_lets_nothing_through() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    for address in (f"127.0.0.1:{port}", "/nowhere/clamd.sock"):
        with pytest.raises(AntivirusSilent):
            Clamd(address, seconds=1).scan(BytesIO(CONTENT))


def test_without_an_address_nobody_is_asked(settings: Settings) -> None:
    settings.ANTIVIRUS_ADDRESS = ""

    assert isinstance(antivirus(), NoAntivirus)


@pytest.mark.parametrize(
    ("answer", "words"),
    [("stream: Evil FOUND", "вредоносный код"), (None, "Проверка файлов недоступна, попробуйте позже")],
)
def test_scan_tells_the_person(settings: Settings, answer: str | None, words: str) -> None:
    with StandIn(answer) as service:
        settings.ANTIVIRUS_ADDRESS, settings.ANTIVIRUS_TIMEOUT_SECONDS = service.address, 5

        with pytest.raises(ScanRefused, match=words):
            scan_read(BytesIO(pdf()), name="скан.pdf")
