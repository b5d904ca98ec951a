"""A small OpenID Connect site on loopback: discovery, keys, authorization, token endpoint, and a person who agrees.

It keeps to OpenID Connect Core 1.0 and RFC 7636; a test bends one thing of it (`Site.bend`) and sees that nobody is let in.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, SECRET = "energimonitor-test", "the site's secret for us"


@dataclass
class Site:
    """What it does; `bend` changes claims or header of the token before it is signed."""

    issuer: str = ""
    groups: list[str] = field(default_factory=lambda: ["Energi.Miljo"])
    subject: str = "s-123"
    bend: Callable[[dict[str, Any], dict[str, Any]], None] = lambda header, claims: None
    metadata: dict[str, Any] = field(default_factory=dict)
    down: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    signing_key: rsa.RSAPrivateKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    keep_codes: bool = False

    def agree(self, address: str) -> str:
        """What the site's page does when the person has signed in there: the address that the browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.issuer})}"

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(time.time())
        header = {"alg": "RS256", "kid": "k1", "typ": "JWT"}
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "name": "Eva Ek",
            "preferred_username": "eva.ek@example.se",
            "roles": self.groups,
        }
        self.bend(header, claims)
        signed = f"{_part(header)}.{_part(claims)}"
        return {
            "access_token": "at",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": f"{signed}.{self._sign(header, signed)}",
        }

    def _sign(self, header: dict[str, Any], signed: str) -> str:
        if header["alg"] == "none":
            return ""
        if header["alg"] == "HS256":  # signed with what everybody knows: the public key
            import hmac

            return _encoded(hmac.new(json.dumps(self.jwks()).encode(), signed.encode(), hashlib.sha256).digest())
        return _encoded((self.signing_key or self.key).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))

    def jwks(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
        return {"keys": [{"kty": "RSA", "kid": "k1", "use": "sig", "alg": "RS256", "n": _encoded(n), "e": "AQAB"}]}

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.metadata,
        }


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        if self.site.down:
            self._answer(503, {})
        elif self.path.endswith("/.well-known/openid-configuration"):
            self._answer(200, self.site.described())
        elif self.path.endswith("/keys"):
            self._answer(200, self.site.jwks())
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        asked = (
            self.site.codes.get(given.get("code", ""))
            if self.site.keep_codes
            else self.site.codes.pop(given.get("code", ""), None)
        )
        if self.site.down or asked is None or (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            self._answer(400, {"error": "invalid_grant"})
            return
        challenge = _encoded(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        if challenge != asked["code_challenge"] or given.get("redirect_uri") != asked["redirect_uri"]:
            self._answer(400, {"error": "invalid_grant"})
            return
        self._answer(200, self.site.token(asked))

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Quiet."""


@contextmanager
def running_site() -> Iterator[Site]:
    """On a free port; ends with the block."""
    site = Site()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    site.issuer = f"http://127.0.0.1:{server.server_port}/tenant"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _part(values: dict[str, Any]) -> str:
    return _encoded(json.dumps(values).encode())
