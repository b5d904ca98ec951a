"""From where a request comes: a proxy is believed only where it is trusted."""

import pytest
from fastapi import Request

from config.errors import ConfigurationError
from services.web.signing.addresses import Addresses, counted_as
from services.web.signing.limits import Rate, RateLimit


def request(peer: str, scheme: str = "http", **headers: str) -> Request:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "client": (peer, 1),
        "headers": named,
        "scheme": scope_scheme(scheme),
        "server": ("x", 80),
        "path": "/",
    }
    return Request(scope | {"query_string": b"", "method": "GET"})


def scope_scheme(scheme: str) -> str:
    return scheme


CASES = {
    "nobody is trusted": ((), "10.0.0.5", "1.2.3.4", "10.0.0.5"),
    "the proxy is": (("10.0.0.5",), "10.0.0.5", "1.2.3.4", "1.2.3.4"),
    "a network of proxies": (("10.0.0.0/8",), "10.0.0.5", "1.2.3.4, 10.9.9.9", "1.2.3.4"),
    "what the client said of itself": (("10.0.0.5",), "10.0.0.5", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
    "another peer than the proxy": (("10.0.0.5",), "10.0.0.6", "1.2.3.4", "10.0.0.6"),
    "no address": (("10.0.0.5",), "10.0.0.5", "<script>", "unknown"),
    "only proxies": (("10.0.0.0/8",), "10.0.0.5", "10.0.0.7", "10.0.0.7"),
    "an IPv4 in an IPv6": ((), "::ffff:10.0.0.5", "", "10.0.0.5"),
    "a proxy without the header": (("10.0.0.5",), "10.0.0.5", "", "10.0.0.5"),
}


@pytest.mark.parametrize(("trusted", "peer", "said", "expected"), CASES.values(), ids=CASES)
def test_the_address_is_the_last_that_a_trusted_proxy_saw(trusted: tuple[str, ...], peer: str, said: str, expected: str) -> None:
    """Whoever could choose their address would have a new one for each guess of a password."""
    headers = {"x_forwarded_for": said} if said else {}

    assert Addresses(trusted).of(request(peer, **headers)) == expected


def test_tls_is_believed_of_a_trusted_proxy_only() -> None:
    """Else a client could make its own cookies look safe."""
    told = {"x_forwarded_proto": "https"}

    assert Addresses(("10.0.0.5",)).is_secure(request("10.0.0.5", **told))
    assert not Addresses().is_secure(request("10.0.0.5", **told))
    assert Addresses().is_secure(request("10.0.0.5", "https"))
    assert not Addresses(("10.0.0.5",)).is_secure(request("10.0.0.5", "https", x_forwarded_proto="http"))


def test_an_ipv6_site_is_counted_as_one() -> None:
    """It has 2^64 addresses of its own."""
    assert counted_as("2001:db8:1:2::1") == counted_as("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert counted_as("192.0.2.1") == "192.0.2.1"


def test_a_trusted_proxy_that_is_no_address_is_told() -> None:
    """Rather than trusting nobody without a word."""
    with pytest.raises(ConfigurationError, match="TRUSTED_PROXIES"):
        Addresses(("proxy.example.se",))


def test_a_bucket_fills_by_the_second() -> None:
    """Three at once, then one each two seconds; another address has its own."""
    now = [0.0]
    limit = RateLimit(Rate(per_second=0.5, at_once=3), lambda: now[0])
    first = [limit.take("a") for _ in range(4)]
    other = limit.take("b")
    now[0] = 2.0
    later = [limit.take("a"), limit.take("a")]

    assert (first, other, later) == ([0, 0, 0, 2], 0, [0, 2])
