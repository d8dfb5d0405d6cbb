"""Fetching a file from where 1C keeps it: only from servers that the administrator has listed.

https only, no redirects, and the connection goes to the very address that was checked: a name that
changes its address in between reaches nothing inside the network.
"""

import asyncio
import ipaddress
import re
from collections.abc import Iterable
from contextlib import suppress
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import urlsplit, urlunsplit

import httpx

from integrations.push.files import FileRefused

SECONDS = 60.0
_WAIT = 20.0
_PORT = 443
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class FileUnavailable(Exception):
    """No answer, or the server's own trouble: worth another try."""


def listed(hosts: str) -> tuple[frozenset[str], tuple[Network, ...]]:
    """Servers («host» or «host:port») and networks of a list with one on a line."""
    names, networks = set(), []
    for line in hosts.lower().split():
        try:
            networks.append(ipaddress.ip_network(line, strict=False))
        except ValueError:
            with suppress(UnicodeError):  # a line that is no name names nobody
                names.add(_ascii(line))
    return frozenset(names), tuple(networks)


def hosts_strange(hosts: str) -> list[str]:
    """Lines that name neither a server nor a network."""
    names, _networks = listed(hosts)
    return sorted(name for name in names if not _NAME.fullmatch(name))


def url_checked(url: str, *, hosts: str) -> tuple[str, int]:
    """Host and port of an address that may be asked. Raises FileRefused."""
    try:
        parts = urlsplit(url)
        host, port = _ascii((parts.hostname or "").lower()), parts.port or _PORT
    except ValueError:
        raise FileRefused("url: это не адрес") from None
    if parts.scheme != "https":
        raise FileRefused("url: файлы забираются только по https")
    if parts.username or parts.password:
        raise FileRefused("url: имени и пароля в адресе быть не должно")
    names, networks = listed(hosts)
    is_named = f"{host}:{port}" in names or (port == _PORT and host in names)
    if not host or not (is_named or _is_within(host, networks)):
        raise FileRefused(f"url: сервера {host or '?'} нет в списке этой базы на портале")
    return host, port


def _ascii(host: str) -> str:
    """A name in Russian letters as it travels. Raises ValueError (UnicodeError is one) for no name."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def file_fetch(url: str, *, hosts: str, limit: int) -> bytes:
    """The bytes behind an address, at most `limit` of them. Raises FileRefused, FileUnavailable."""
    host, port = url_checked(url, hosts=hosts)
    address = _address(host, port, listed(hosts)[1])
    parts = urlsplit(url)
    shown = f"[{address}]" if address.version == 6 else str(address)
    target = urlunsplit(("https", f"{shown}:{port}", parts.path or "/", parts.query, ""))
    named = host if port == _PORT else f"{host}:{port}"
    headers = {"Host": named, "Accept-Encoding": "identity"}
    try:
        return asyncio.run(_answer(target, host=host, headers=headers, limit=limit))
    except httpx.InvalidURL:
        raise FileRefused("url: это не адрес") from None
    except httpx.HTTPError as error:
        raise FileUnavailable(f"{host}: {type(error).__name__}") from error
    except TimeoutError:
        raise FileUnavailable("файл идёт слишком долго") from None


async def _answer(target: str, *, host: str, headers: dict[str, str], limit: int) -> bytes:
    """The body in time. Asynchronous for that alone: httpx limits each wait, not their sum.

    A server that gives its headers letter by letter would hold the worker for days.
    """
    trust, by_name = httpx.create_ssl_context(), {"sni_hostname": host}
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(timeout=_WAIT, follow_redirects=False, trust_env=False, verify=trust) as client,
        client.stream("GET", target, headers=headers, extensions=by_name) as answer,
    ):
        _check_status(answer.status_code)
        return await _read(answer, limit)


def _address(host: str, port: int, networks: Iterable[Network]) -> Address:
    """Where the name leads now. A private address has to be listed itself."""
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FileUnavailable(f"{host}: имя не найдено") from error
    address = ipaddress.ip_address(found[0][4][0])
    if not address.is_global and not _is_within(str(address), networks):
        raise FileRefused(f"url: {host} ведёт на внутренний адрес {address}, его нет в списке")
    return address


def _is_within(host: str, networks: Iterable[Network]) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _check_status(status: int) -> None:
    if status == httpx.codes.OK:
        return
    if status >= 500 or status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT}:
        raise FileUnavailable(f"код {status}")
    raise FileRefused(f"сервер с файлом ответил кодом {status}")


async def _read(answer: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > limit:
            raise FileRefused(f"файл больше указанных {limit} байт")
    return bytes(body)
