"""A company's sign-in server: answers as OpenID Connect servers do, and as they do not."""

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "portal", "portal-secret"


class CompanyServer:
    """Runs in a thread; `changes` replaces what an answer says, `None` in it removes a field."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key = self.key
        self.person: dict[str, Any] = {"sub": "u-1", "email": "anna@north.example", "email_verified": True}
        self.changes: dict[str, dict[str, Any]] = {}
        self.raw: dict[str, tuple[int, bytes]] = {}
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str) -> dict[str, Any]:
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self._discovery,
            "/token": self._token,
            "/userinfo": lambda: dict(self.person),
            "/jwks": self._jwks,
        }
        return self._changed(path, answers[path]())

    def _changed(self, path: str, answer: dict[str, Any]) -> dict[str, Any]:
        answer |= self.changes.get(path, {})
        return {name: value for name, value in answer.items() if value is not None}

    def _discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _token(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT_ID, "sub": self.person["sub"],
            "iat": now, "exp": now + 300, "jti": uuid4().hex,
        }  # fmt: skip
        token = jwt.encode(
            self._changed("id_token", claims), self.signing_key, algorithm="RS256", headers={"kid": "k1"}
        )
        return {"access_token": "access-1", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def _jwks(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "k1", "alg": "RS256", "use": "sig"}]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                company.asked.append((self.path, parse_qs(body)))
                self._reply()

            def _reply(self) -> None:
                status, body = company.raw.get(self.path) or (
                    200,
                    json.dumps(company.answer(self.path)).encode(),
                )
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Quiet."""

        return Handler
