"""Files by address, fetched from a TLS server on this machine: by name, from the address that was checked."""

import datetime
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from integrations.push.fetching import FileUnavailable, file_fetch
from integrations.push.files import FileRefused

PDF = b"%PDF-1.7 upd"


@dataclass
class FileSite:
    """A server whose certificate names localhost; it remembers the hosts it was asked as."""

    port: int = 0
    hosts: list[str] = field(default_factory=list)

    @property
    def listed(self) -> str:
        return f"localhost:{self.port}\n127.0.0.0/8\n::1/128"

    def url(self, path: str, host: str = "localhost") -> str:
        return f"https://{host}:{self.port}/{path}"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, private


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileSite]:
    cert, private = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    state = FileSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.hosts.append(self.headers["Host"])
            if self.path == "/slow":
                self.drip()
                return
            status = int(self.path.strip("/").partition("?")[0] or 200)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "https://127.0.0.1/secret")
            self.send_header("Content-Length", str(len(PDF)))
            self.end_headers()
            self.wfile.write(PDF)

        def drip(self) -> None:
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                for _ in range(30):
                    self.wfile.write(b"a")
                    time.sleep(0.1)

        def log_message(self, *_told: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def only_version_4(monkeypatch: pytest.MonkeyPatch) -> None:
    """localhost may lead to ::1 first, where this server does not listen."""

    def found(host: str, port: int, **_told: object) -> list[tuple[object, ...]]:
        address = str(ip_address(host)) if host[0].isdigit() else "127.0.0.1"
        return [(2, 1, 6, "", (address, port))]

    monkeypatch.setattr("integrations.push.fetching.getaddrinfo", found)


def test_file_is_fetched_under_the_name_of_its_server(site: FileSite) -> None:
    assert file_fetch(site.url("200?id=17"), hosts=site.listed, limit=len(PDF)) == PDF
    assert site.hosts == [f"localhost:{site.port}"]


def test_server_with_a_certificate_for_another_name_is_not_trusted(site: FileSite) -> None:
    hosts = f"files.example.ru:{site.port}\n127.0.0.0/8"

    with pytest.raises(FileUnavailable):
        file_fetch(site.url("200", "files.example.ru"), hosts=hosts, limit=100)

    assert site.hosts == []


def test_inner_address_has_to_be_listed_itself(site: FileSite) -> None:
    with pytest.raises(FileRefused, match=r"ведёт на внутренний адрес 127\.0\.0\.1"):
        file_fetch(site.url("200"), hosts=f"localhost:{site.port}", limit=100)

    assert site.hosts == []


@pytest.mark.parametrize("status", [302, 403, 404])
def test_redirect_and_refusal_are_not_followed(site: FileSite, status: int) -> None:
    with pytest.raises(FileRefused, match=f"кодом {status}"):
        file_fetch(site.url(str(status)), hosts=site.listed, limit=100)

    assert len(site.hosts) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_of_the_server_is_worth_another_try(site: FileSite, status: int) -> None:
    with pytest.raises(FileUnavailable, match=str(status)):
        file_fetch(site.url(str(status)), hosts=site.listed, limit=100)


def test_file_longer_than_announced_is_refused(site: FileSite) -> None:
    with pytest.raises(FileRefused, match="больше указанных 5 байт"):
        file_fetch(site.url("200"), hosts=site.listed, limit=5)


def test_server_that_gives_its_headers_letter_by_letter_is_given_up(
    site: FileSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each wait is short, their sum is not."""
    monkeypatch.setattr("integrations.push.fetching.SECONDS", 0.5)

    with pytest.raises(FileUnavailable, match="файл идёт слишком долго"):
        file_fetch(site.url("slow"), hosts=site.listed, limit=100)
