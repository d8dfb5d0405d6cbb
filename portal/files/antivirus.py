"""Asking an antivirus of files that people send: clamd over its socket, or nobody where there is none."""

import socket
from typing import BinaryIO, Protocol

import structlog
from django.conf import settings

log = structlog.get_logger()

_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096
_DEFAULT_PORT = 3310


class Infected(Exception):
    """The file is harmful; `finding` is what the antivirus calls it."""

    def __init__(self, finding: str) -> None:
        self.finding = finding
        super().__init__(
            "Антивирус нашел в файле вредоносный код. Проверьте компьютер и отправьте другой файл."
        )


class AntivirusSilent(Exception):
    """The antivirus gives no answer that says anything: nothing is let through unseen."""

    def __init__(self) -> None:
        super().__init__("Проверка файлов недоступна, попробуйте позже.")


class Antivirus(Protocol):
    def scan(self, content: BinaryIO) -> None:
        """Read the file to its end. Raises Infected, AntivirusSilent."""


class NoAntivirus:
    """Where no address is given every file passes."""

    def scan(self, content: BinaryIO) -> None:
        return


class Clamd:
    """The INSTREAM command of clamd: pieces with their lengths, an empty one, then one line of answer.

    `address` is `host:port`, `host` or the path of a socket; `seconds` bound each step of the talk.
    """

    def __init__(self, address: str, *, seconds: float) -> None:
        self._address = address
        self._seconds = seconds

    def scan(self, content: BinaryIO) -> None:
        try:
            answer = self._asked(content)
        except OSError as error:
            log.warning("antivirus_silent", reason=str(error))
            raise AntivirusSilent from error
        if answer.endswith(" FOUND"):
            finding = answer.removesuffix(" FOUND").rpartition(": ")[2]
            log.warning("antivirus_found", finding=finding)
            raise Infected(finding)
        if not answer.endswith(": OK"):
            log.warning("antivirus_silent", reason=answer or "no answer")
            raise AntivirusSilent

    def _asked(self, content: BinaryIO) -> str:
        with self._connected() as wire:
            wire.sendall(b"zINSTREAM\0")
            while piece := content.read(_PIECE):
                wire.sendall(len(piece).to_bytes(4, "big") + piece)
            wire.sendall(bytes(4))
            answer = b""
            while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
                part = wire.recv(_LONGEST_ANSWER)
                if not part:
                    raise ConnectionError("cut off before the end of the answer")
                answer += part
        return answer.rstrip(b"\0").decode(errors="replace").strip()

    def _connected(self) -> socket.socket:
        if self._address.startswith("/"):
            wire = socket.socket(socket.AF_UNIX)
            wire.settimeout(self._seconds)
            try:
                wire.connect(self._address)
            except OSError:
                wire.close()
                raise
            return wire
        host, _colon, port = self._address.rpartition(":")
        place = (host, int(port)) if host else (self._address, _DEFAULT_PORT)
        return socket.create_connection(place, timeout=self._seconds)


def antivirus() -> Antivirus:
    """The antivirus of the settings."""
    if not settings.ANTIVIRUS_ADDRESS:
        return NoAntivirus()
    return Clamd(settings.ANTIVIRUS_ADDRESS, seconds=settings.ANTIVIRUS_TIMEOUT_SECONDS)
