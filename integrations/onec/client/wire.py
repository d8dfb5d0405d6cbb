"""One HTTP request the way the 1C platform makes it: raw query string, Basic each time, no redirects."""

import base64
import http.client
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlsplit

from integrations.onec.client.dialects import Dialect

DEFAULT_SCRIPT = "/bitrix/admin/1c_exchange.php"
USER_AGENT = "1C+Enterprise/8.3"
BLOCK = 64 * 1024

# Only what would break the request line itself; Cyrillic and slashes travel as raw UTF-8 bytes.
_BREAKS_REQUEST_LINE = re.compile(r"[\x00-\x20\x7f]")


class WireError(Exception):
    """No usable answer came: the text says why, in Russian."""


class TornAnswerError(WireError):
    """The answer is shorter than its Content-Length (`Transferred a partial file` in 1C)."""


@dataclass(frozen=True, slots=True)
class FileSlice:
    """A part of a file on disk, read only while it is being sent."""

    path: Path
    offset: int
    length: int

    def blocks(self) -> Iterator[bytes]:
        left = self.length
        with self.path.open("rb") as stream:
            stream.seek(self.offset)
            while left > 0 and (block := stream.read(min(BLOCK, left))):
                left -= len(block)
                yield block


Chunk = bytes | FileSlice


@dataclass(frozen=True, slots=True)
class Reply:
    """A decoded answer; `remarks` name what a strict 1C or a proxy between may stumble over."""

    status: int
    text: str
    body: bytes
    charset: str
    location: str
    remarks: tuple[str, ...]


class _RawLine:
    """Send the request line in UTF-8: http.client alone refuses the raw Cyrillic that 1C sends."""

    def _encode_request(self, request: str) -> bytes:
        return request.encode("utf-8")


class _Plain(_RawLine, http.client.HTTPConnection):
    pass


class _Secure(_RawLine, http.client.HTTPSConnection):
    pass


def chunk_length(chunk: Chunk) -> int:
    """Bytes that this chunk announces in Content-Length."""
    return len(chunk) if isinstance(chunk, bytes) else chunk.length


class Wire:
    """Address and credentials of one exchange; a connection of its own for each request."""

    def __init__(self, url: str, user: str, password: str, *, dialect: Dialect, timeout: float) -> None:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"Адрес сайта не похож на http(s)://сайт: {url}")
        if parts.query:
            raise ValueError(f"В адресе сайта не должно быть параметров: {url}")
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._secure else 80)
        self._path = parts.path if parts.path.strip("/") else DEFAULT_SCRIPT
        self._basic = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        self._dialect = dialect
        self._timeout = timeout

    def get(self, query: str, *, cookie: str = "") -> Reply:
        """Ask one question; raises WireError when there is no answer to read."""
        return self._exchange("GET", query, cookie, None, withhold=0)

    def post(self, query: str, chunk: Chunk, *, cookie: str = "", withhold: int = 0) -> Reply:
        """Send raw bytes; `withhold` keeps back that many of the bytes promised in Content-Length."""
        return self._exchange("POST", query, cookie, chunk, withhold=withhold)

    def _exchange(self, method: str, query: str, cookie: str, chunk: Chunk | None, *, withhold: int) -> Reply:
        connection = self._connect()
        try:
            self._put_head(connection, method, query, self._headers(cookie, chunk))
            if chunk is not None:
                _put_body(connection, chunk, withhold)
            response = connection.getresponse()
            return self._read(response)
        except TimeoutError as error:
            raise WireError(f"сайт не ответил за {self._timeout:g} с") from error
        except http.client.IncompleteRead as error:
            raise TornAnswerError("ответ сайта оборван (Transferred a partial file)") from error
        except (OSError, http.client.HTTPException) as error:
            raise WireError(f"нет связи с сайтом: {error or type(error).__name__}") from error
        finally:
            connection.close()

    def _connect(self) -> http.client.HTTPConnection:
        kind = _Secure if self._secure else _Plain
        return kind(self._host, self._port, timeout=self._timeout)

    def _put_head(
        self, connection: http.client.HTTPConnection, method: str, query: str, headers: dict[str, str]
    ) -> None:
        target = _BREAKS_REQUEST_LINE.sub(lambda found: f"%{ord(found.group()):02X}", f"{self._path}?{query}")
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()

    def _headers(self, cookie: str, chunk: Chunk | None) -> dict[str, str]:
        usual_port = 443 if self._secure else 80
        host = self._host if self._port == usual_port else f"{self._host}:{self._port}"
        headers = {"Host": host, "User-Agent": USER_AGENT, "Authorization": f"Basic {self._basic}"}
        if cookie:
            headers["Cookie"] = cookie
        if chunk is not None:
            headers["Content-Length"] = str(chunk_length(chunk))
        return headers

    def _read(self, response: http.client.HTTPResponse) -> Reply:
        body = response.read()
        charset = _charset(response.headers)
        try:
            text = body.decode(charset, errors="replace")
        except LookupError as error:
            raise WireError(f"неизвестная кодировка ответа: {charset}") from error
        if self._dialect.guesses_charset and "\ufffd" in text:
            charset, text = _decode_again(body, charset, text)
        return Reply(
            status=response.status,
            text=text,
            body=body,
            charset=charset,
            location=response.headers.get("Location", ""),
            remarks=_remarks(response),
        )


def _put_body(connection: http.client.HTTPConnection, chunk: Chunk, withhold: int) -> None:
    """Send the body; a site that answers early and hangs up is still listened to."""
    left = chunk_length(chunk) - withhold
    try:
        for block in [chunk] if isinstance(chunk, bytes) else chunk.blocks():
            connection.send(block[:left])
            left -= len(block[:left])
            if left <= 0:
                break
        if withhold:
            connection.sock.shutdown(socket.SHUT_WR)
    except (BrokenPipeError, ConnectionResetError):
        return


def _charset(headers: Message) -> str:
    """Charset of Content-Type; 1C takes UTF-8 when none is named."""
    return headers.get_content_charset() or "utf-8"


def _decode_again(body: bytes, charset: str, text: str) -> tuple[str, str]:
    for other in ("windows-1251", "utf-8"):
        guess = body.decode(other, errors="replace")
        if "\ufffd" not in guess:
            return other, guess
    return charset, text


def _remarks(response: http.client.HTTPResponse) -> tuple[str, ...]:
    remarks = []
    if response.status != http.HTTPStatus.OK:
        remarks.append(f"код HTTP {response.status}")
    if response.headers.get("Content-Length") is None:
        remarks.append("нет Content-Length")
    if encoding := response.headers.get("Content-Encoding"):
        remarks.append(f"ответ сжат ({encoding})")
    return tuple(remarks)
