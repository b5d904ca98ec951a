"""Sign-in at an OpenID Connect site: a real one on loopback, and every way in which its answer may lie."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from config.domain.clock import SystemClock
from config.errors import SignInError, SignInUnavailable
from services.state.state import State
from services.web.signing import oidc
from services.web.signing.oidc import OpenIdConnect
from tests.services.web.signing.site import CLIENT, SECRET, Site, running_site

BROWSER = "a browser's secret"


class ShiftedClock:
    """The machine's, and later."""

    def __init__(self) -> None:
        self.later = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.later


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State.open(tmp_path / "state.sqlite") as opened:
        yield opened


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as served:
        yield served


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


def client(site: Site, state: State, clock: ShiftedClock) -> OpenIdConnect:
    return OpenIdConnect(oidc.Site(site.issuer, CLIENT, SECRET, "http://127.0.0.1:8080"), state.sessions, clock)


def back(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_who_signed_in_there_is_told_with_their_roles(site: Site, state: State, clock: ShiftedClock) -> None:
    """Code with PKCE, the site's own token, and where they wanted to go."""
    connect = client(site, state, clock)
    claims, target = connect.finish(BROWSER, back(site.agree(connect.begin(BROWSER, "/matarbyten"))))

    assert claims == {"subject": "s-123", "name": "Eva Ek (eva.ek@example.se)", "groups": ["Energi.Miljo"], "locale": ""}
    assert target == "/matarbyten"
    assert site.asked[0]["redirect_uri"] == "http://127.0.0.1:8080/logga-in/svar"
    assert site.asked[0]["scope"] == "openid profile email"


def test_groups_count_beside_roles(site: Site, state: State, clock: ShiftedClock) -> None:
    """Entra ID gives either; what is no text is left out, and what is no list gives none."""

    def bend(header: dict[str, Any], claims: dict[str, Any]) -> None:
        claims |= {"groups": ["5b1c", 7], "roles": "administrator"}

    site.bend = bend
    connect = client(site, state, clock)
    claims, _ = connect.finish(BROWSER, back(site.agree(connect.begin(BROWSER, "/"))))

    assert claims["groups"] == ["5b1c"]


def _set(where: str, **values: Any) -> Any:
    def bend(header: dict[str, Any], claims: dict[str, Any]) -> None:
        for name, value in values.items():
            (header if where == "header" else claims)[name] = value

    return bend


def _without(name: str) -> Any:
    return lambda header, claims: claims.pop(name)


LIES = {
    "another nonce": _set("claims", nonce="of another sign-in"),
    "no nonce": _without("nonce"),
    "another audience": _set("claims", aud="another-client"),
    "several audiences, not for us": _set("claims", aud=["another-client", "third"]),
    "several audiences, given to another": _set("claims", aud=[CLIENT, "third"], azp="third"),
    "no audience": _without("aud"),
    "expired": _set("claims", exp=1_700_000_000),
    "no expiry": _without("exp"),
    "not valid yet": _set("claims", nbf=4_000_000_000),
    "issued tomorrow": _set("claims", iat=4_000_000_000),
    "another issuer": _set("claims", iss="https://login.example.com/other"),
    "no issuer": _without("iss"),
    "nobody": _without("sub"),
    "no signature": _set("header", alg="none"),
    "signed with the public key": _set("header", alg="HS256"),
    "an algorithm that is none": _set("header", alg="RS999"),
    "another access token's": _set("claims", at_hash="AAAAAAAAAAAAAAAAAAAAAA"),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_lies_lets_nobody_in(site: Site, state: State, clock: ShiftedClock, lie: Any) -> None:
    """Each claim is checked by itself; the site says that it supports HS256 and none, and is not believed."""
    site.bend = lie
    connect = client(site, state, clock)
    answer = back(site.agree(connect.begin(BROWSER, "/")))

    with pytest.raises(SignInError):
        connect.finish(BROWSER, answer)


def test_a_token_signed_by_another_key_lets_nobody_in(site: Site, state: State, clock: ShiftedClock) -> None:
    """With the right key's name on it."""
    site.signing_key = rsa.generate_private_key(65537, 2048)
    connect = client(site, state, clock)
    answer = back(site.agree(connect.begin(BROWSER, "/")))

    with pytest.raises(SignInError):
        connect.finish(BROWSER, answer)


def test_an_answer_counts_once(site: Site, state: State, clock: ShiftedClock) -> None:
    """Also where the site takes the same code again."""
    site.keep_codes = True
    connect = client(site, state, clock)
    answer = back(site.agree(connect.begin(BROWSER, "/")))
    connect.finish(BROWSER, answer)

    with pytest.raises(SignInError, match="nobody asked for"):
        connect.finish(BROWSER, answer)


def test_a_code_of_another_sign_in_is_worth_nothing(site: Site, state: State, clock: ShiftedClock) -> None:
    """A stolen code in one's own answer: the site asks for the verifier that belongs to it."""
    connect = client(site, state, clock)
    stolen = back(site.agree(connect.begin("the victim's browser", "/")))
    own = back(site.agree(connect.begin(BROWSER, "/")))

    with pytest.raises(SignInError):
        connect.finish(BROWSER, own | {"code": stolen["code"]})


ANSWERS = {
    "a state that nobody gave": {"state": "made up"},
    "no state": {"state": ""},
    "another site's": {"iss": "https://login.example.com/other"},
    "a refusal": {"error": "access_denied"},
}


@pytest.mark.parametrize("changed", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_was_not_asked_for_is_refused(
    site: Site, state: State, clock: ShiftedClock, changed: dict[str, str]
) -> None:
    """Before the site is asked anything."""
    connect = client(site, state, clock)
    answer = back(site.agree(connect.begin(BROWSER, "/"))) | changed

    with pytest.raises(SignInError):
        connect.finish(BROWSER, answer)
    assert len(site.codes) == 1


def test_an_answer_in_another_browser_is_refused(site: Site, state: State, clock: ShiftedClock) -> None:
    """Signing somebody in as oneself (login CSRF): the victim's browser did not begin it."""
    connect = client(site, state, clock)
    answer = back(site.agree(connect.begin(BROWSER, "/")))

    with pytest.raises(SignInError):
        connect.finish("the victim's browser", answer)


def test_an_answer_that_took_too_long_is_refused(site: Site, state: State, clock: ShiftedClock) -> None:
    """A page left open over lunch."""
    connect = client(site, state, clock)
    answer = back(site.agree(connect.begin(BROWSER, "/")))
    clock.later = timedelta(minutes=11)

    with pytest.raises(SignInError):
        connect.finish(BROWSER, answer)


def test_keys_may_change(site: Site, state: State, clock: ShiftedClock) -> None:
    """An hour after the last look the site's new key counts, and the withdrawn one no more."""
    connect = client(site, state, clock)
    connect.finish(BROWSER, back(site.agree(connect.begin(BROWSER, "/"))))
    old, site.key = site.key, rsa.generate_private_key(65537, 2048)
    clock.later = timedelta(hours=1, minutes=1)
    site.bend = lambda header, claims: claims.update(iat=int(clock.now().timestamp()), exp=int(clock.now().timestamp()) + 300)
    claims, _ = connect.finish(BROWSER, back(site.agree(connect.begin(BROWSER, "/"))))
    site.signing_key = old
    answer = back(site.agree(connect.begin(BROWSER, "/")))

    assert claims["subject"] == "s-123"
    with pytest.raises(SignInError):
        connect.finish(BROWSER, answer)


DESCRIPTIONS = {
    "another issuer": {"issuer": "https://login.example.com/other"},
    "endpoints in the clear": {"token_endpoint": "http://login.example.com/token"},
    "no keys": {"jwks_uri": None},
}


@pytest.mark.parametrize("changed", DESCRIPTIONS.values(), ids=DESCRIPTIONS)
def test_a_site_that_is_not_the_settings_one_is_not_used(
    site: Site, state: State, clock: ShiftedClock, changed: dict[str, Any]
) -> None:
    """The description says who it is, and must say the same."""
    site.metadata = changed

    with pytest.raises(SignInUnavailable):
        client(site, state, clock).begin(BROWSER, "/")


def test_a_site_that_is_down_is_said_to_be(site: Site, state: State, clock: ShiftedClock) -> None:
    """And is asked again the next time."""
    connect = client(site, state, clock)
    site.down = True
    with pytest.raises(SignInUnavailable):
        connect.begin(BROWSER, "/")
    site.down = False

    assert connect.begin(BROWSER, "/").startswith(f"{site.issuer}/authorize?")
