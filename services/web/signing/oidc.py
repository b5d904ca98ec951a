"""Sign-in at an OpenID Connect site (Entra ID and others): authorization code with PKCE.

Format: OpenID Connect Core 1.0, Discovery 1.0, RFC 7636 (PKCE), RFC 9207 (`iss` in the answer). Tokens are checked by authlib:
signature by the site's published keys, issuer, audience, expiry, nonce. The one site is the settings'; whatever a request says.
Left out on purpose: userinfo (roles and groups are in the token), refresh (the session is ours), sign-out at the site.
"""

import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc.errors import JoseError
from requests.exceptions import RequestException

from config.addresses import is_safe_address
from config.domain.clock import Clock
from config.errors import SignInError, SignInUnavailable
from services.state.sessions import Flow, SessionsTable

DISCOVERY = "/.well-known/openid-configuration"
# With the public key only: what the site's own published key could have signed. Never "none", never with a shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SCOPE = "openid profile email"
TIMEOUT_S = 10
LEEWAY_S = 120  # between the site's clock and ours
FLOW_LASTS = timedelta(minutes=10)
LEARNT_FOR = timedelta(hours=1)  # then addresses and keys are asked for again: a withdrawn key is not used for longer
MOST_GROUPS = 1_000
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_BROKEN = (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Site:
    """The site, and who we are there. `board_url`: ours, to which it sends people back."""

    issuer: str
    client_id: str
    client_secret: str
    board_url: str

    @property
    def way_back(self) -> str:
        """The address to be registered at the site."""
        return self.board_url.rstrip("/") + WAY_BACK


WAY_BACK = "/logga-in/svar"


class _Client(OpenIDMixin, OAuth2Mixin):  # type: ignore[misc] # - authlib ships no types
    """Authlib's client without a web framework."""

    client_cls = OAuth2Session


class OpenIdConnect:
    """Sends people to the site and takes them back. Any thread."""

    def __init__(self, site: Site, sessions: SessionsTable, clock: Clock) -> None:
        self._site = site
        self._sessions = sessions
        self._clock = clock
        self._lock = threading.Lock()
        self._learnt: tuple[datetime, _Client] | None = None

    def learn(self) -> None:
        """Ask the site for its description, where that is not known yet. Raises SignInUnavailable."""
        self._client()

    def begin(self, browser: str, target: str) -> str:
        """The address at the site to send this browser to.

        Args:
            browser: a secret that the browser holds in a cookie; only from there the answer is taken.
            target: where on the board to go afterwards.
        Raises:
            SignInUnavailable: the site cannot be asked.
        """
        client = self._client()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        verifier += secrets.token_urlsafe(16)  # RFC 7636 asks for 43 characters at least
        try:
            made = client.create_authorization_url(
                self._site.way_back, state=state, nonce=nonce, code_verifier=verifier, response_mode="query"
            )
        except _BROKEN as error:
            raise SignInUnavailable(f"{self._site.issuer}: {error}") from error
        self._sessions.send(state, browser, Flow(nonce, verifier, target, self._clock.now()))
        return str(made["url"])

    def finish(self, browser: str, answer: Mapping[str, str]) -> tuple[dict[str, Any], str]:
        """Who came back: `subject`, `name`, `groups`, `locale`; and where they wanted to go.

        Args:
            answer: the query that the site sent the browser back with.
        Raises:
            SignInError: it is not this browser's, not this site's, too old, seen before, or its token does not hold.
            SignInUnavailable: the site does not answer.
        """
        flow = self._sessions.come_back(answer.get("state", ""), browser)
        if flow is None or flow.begun + FLOW_LASTS < self._clock.now():
            raise SignInError("an answer that nobody asked for: its state is unknown, used, too old or another browser's")
        if answer.get("iss", self._site.issuer) != self._site.issuer:
            raise SignInError("an answer of another site (RFC 9207)")
        if "error" in answer or "code" not in answer:
            raise SignInError(f"the site did not let them in: {answer.get('error', 'no code')[:200]!r}")
        client = self._client()
        try:
            token = client.fetch_access_token(
                self._site.way_back, code=answer["code"], code_verifier=flow.verifier, grant_type="authorization_code"
            )
            claims = client.parse_id_token(
                token,
                flow.nonce,
                claims_options={
                    "iss": {"essential": True, "value": self._site.issuer},
                    "aud": {"essential": True, "value": self._site.client_id},
                },
                claims_cls=_claims(self._clock, token.get("access_token")),
                leeway=LEEWAY_S,
            )
        except RequestException as error:
            raise SignInUnavailable(f"{self._site.issuer}: {type(error).__name__}") from error
        except _BROKEN as error:
            raise SignInError(f"a token that does not hold: {type(error).__name__}: {error}") from error
        if claims is None:
            raise SignInError("an answer without an ID token: is `openid` among the scopes that the site allows?")
        return _said(claims), flow.target

    def _client(self) -> _Client:
        """With the site's own description, not older than `LEARNT_FOR`."""
        with self._lock:
            now = self._clock.now()
            if self._learnt is None or self._learnt[0] + LEARNT_FOR < now:
                self._learnt = (now, self._learn())
            return self._learnt[1]

    def _learn(self) -> _Client:
        site = self._site
        client = _Client(
            None,
            client_id=site.client_id,
            client_secret=site.client_secret or None,
            server_metadata_url=site.issuer.rstrip("/") + DISCOVERY,
            client_kwargs={"scope": SCOPE, "code_challenge_method": "S256", "default_timeout": TIMEOUT_S},
        )
        try:
            found = client.load_server_metadata()
            if found.get("issuer") != site.issuer:
                raise SignInUnavailable(f"{site.issuer} describes itself as {found.get('issuer')!r}; set OIDC_ISSUER to that")
            wrong = [name for name in _ENDPOINTS if not is_safe_address(str(found.get(name)))]
            if wrong:
                raise SignInUnavailable(f"{site.issuer} gives no https address for {', '.join(wrong)}")
        except RequestException as error:
            raise SignInUnavailable(f"{site.issuer}: {type(error).__name__}") from error
        except _BROKEN as error:
            raise SignInUnavailable(f"{site.issuer} does not describe itself (Discovery 1.0): {error}") from error
        supported = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        client.server_metadata["id_token_signing_alg_values_supported"] = [each for each in ALGORITHMS if each in supported]
        methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = "client_secret_basic" in methods or "client_secret_post" not in methods
        method = ("client_secret_basic" if basic else "client_secret_post") if site.client_secret else "none"
        client.client_kwargs["token_endpoint_auth_method"] = method
        return client


def _claims(clock: Clock, access_token: str | None) -> type[CodeIDToken]:
    class Claims(CodeIDToken):  # type: ignore[misc] # - authlib ships no types
        """Judged by our clock, and together with the access token."""

        def validate(self, now: int | None = None, leeway: int = 0) -> None:  # noqa: ARG002 - authlib's signature
            self.params["access_token"] = access_token
            super().validate(int(clock.now().timestamp()), leeway)

    return Claims


def _said(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What of the token's claims is used. Rights come from roles and groups only: names can be changed by their owners."""
    groups: list[str] = []
    for name in ("roles", "groups"):
        values = claims.get(name)
        if isinstance(values, Sequence) and not isinstance(values, str):
            groups += [value for value in values[:MOST_GROUPS] if isinstance(value, str)]
    subject = str(claims["sub"])
    signed_as = next((str(claims[name]) for name in ("preferred_username", "email") if claims.get(name)), subject)
    called = str(claims.get("name") or "")
    name = f"{called} ({signed_as})" if called and called != signed_as else signed_as
    return {
        "subject": subject,
        "name": "".join(letter for letter in name if letter.isprintable())[:200],
        "groups": groups,
        "locale": str(claims.get("locale") or "")[:20],
    }
