"""One request to an address that a person has typed: nothing inside the network is reached by it.

https only, no redirects, and the connection goes to the very address that was checked: a name that changes
its address in between leads nowhere. Time, that of asking for the name included, and size are limited.
"""

import asyncio
import ipaddress
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from socket import SOCK_STREAM, getaddrinfo
from ssl import SSLContext
from threading import Thread
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

_PORTS = {"https": 443, "http": 80}
_CARRIERS: Final = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96"))
"""Addresses of version 6 that end in one of version 4: NAT64 (RFC 6052) and the compatible ones of old."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(Exception):
    """An address that the portal asks nothing of, in Russian."""


class Unreachable(Exception):
    """No whole answer came; what became of the request is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `is_cut` when there was more than asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool

    @property
    def retry_after(self) -> int | None:
        """Seconds that we are told to wait; None where nothing of the kind is said."""
        told = self.headers.get("retry-after", "")
        return int(told) if told.isascii() and told.isdigit() and len(told) < 9 else None


def address_check(url: str) -> None:
    """Look at an address as it is typed, without asking for its name. Raises AddressRefused."""
    _parts(url)


def ask(
    method: str,
    url: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    longest: int,
    seconds: float,
) -> Answer:
    """Ask once. Raises AddressRefused, Unreachable."""
    scheme, host, port = _parts(url)
    deadline = monotonic() + seconds
    address = _resolved(scheme, host, port, seconds=seconds)
    parts = urlsplit(url)
    shown = f"[{address}]" if address.version == 6 else str(address)
    target = urlunsplit((scheme, f"{shown}:{port}", parts.path or "/", parts.query, ""))
    named = host if port == _PORTS[scheme] else f"{host}:{port}"
    told = {"Host": named, "Accept-Encoding": "identity", "User-Agent": "b2b-portal"} | dict(headers or {})
    try:
        return asyncio.run(_asked(method, target, host, told, body, longest, deadline - monotonic()))
    except httpx.InvalidURL:
        raise AddressRefused(_("Это не адрес")) from None
    except httpx.HTTPError as error:
        raise Unreachable(type(error).__name__) from error
    except TimeoutError:
        raise Unreachable("Timeout") from None


async def _asked(
    method: str, target: str, host: str, headers: dict[str, str], body: bytes, longest: int, seconds: float
) -> Answer:
    """Asynchronous for the sake of one deadline: httpx itself limits each wait, not their sum."""
    verify: SSLContext | bool = _trust() if target.startswith("https:") else False
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(timeout=seconds, follow_redirects=False, trust_env=False, verify=verify) as client,
        client.stream(
            method, target, content=body, headers=headers, extensions={"sni_hostname": host}
        ) as answer,
    ):
        kept = bytearray()
        async for piece in answer.aiter_raw():
            kept += piece
            if len(kept) > longest:
                return Answer(answer.status_code, answer.headers, bytes(kept[:longest]), is_cut=True)
        return Answer(answer.status_code, answer.headers, bytes(kept), is_cut=False)


@cache
def _trust() -> SSLContext:
    """The certificates that are trusted: reading them takes long, they do not change while a process runs."""
    return httpx.create_ssl_context()


def _parts(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise AddressRefused(_("Это не адрес")) from None
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.OUTWARD_HTTP_TO_LOOPBACK):
        raise AddressRefused(_("Адрес должен начинаться с https://"))
    if parts.username or parts.password:
        raise AddressRefused(_("Имени и пароля в адресе быть не должно"))
    if not host or any(sign.isspace() or ord(sign) < 32 for sign in url):
        raise AddressRefused(_("Это не адрес"))
    return parts.scheme, host, port


def _resolved(scheme: str, host: str, port: int, *, seconds: float) -> Address:
    try:
        found = _looked_up(host, port, seconds=seconds)
    except TimeoutError:
        raise Unreachable("Timeout") from None
    except (OSError, UnicodeError) as error:
        raise Unreachable("NameNotFound") from error
    address = ipaddress.ip_address(found[0][4][0])
    if scheme == "http" and not address.is_loopback:
        raise AddressRefused(_("Адрес должен начинаться с https://"))
    if not _is_public(address) and not _is_allowed(address):
        raise AddressRefused(
            _("{host} ведёт на внутренний адрес {address}").format(host=host, address=address)
        )
    return address


def _looked_up(host: str, port: int, *, seconds: float) -> list[Any]:
    """Ask for the addresses of a name, in a thread of its own: a silent server of names is left alone there.

    Raises TimeoutError, OSError, UnicodeError.
    """
    found: Future[list[Any]] = Future()

    def look() -> None:
        try:
            found.set_result(getaddrinfo(host, port, type=SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    Thread(target=look, name="outward-name", daemon=True).start()
    return found.result(timeout=seconds)


def _is_public(address: Address) -> bool:
    """A public address that carries a private one inside (mapped, 6to4, NAT64) is as private as that."""
    inner = _inner(address) if isinstance(address, ipaddress.IPv6Address) else None
    if inner is not None:
        return _is_public(inner)
    return address.is_global and not address.is_multicast


def _inner(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if any(address in carrier for carrier in _CARRIERS):
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def _is_allowed(address: Address) -> bool:
    return any(address in ipaddress.ip_network(text) for text in settings.OUTWARD_PRIVATE_NETWORKS)
