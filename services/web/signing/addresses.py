"""From where a request comes, and whether it comes over TLS: a proxy is believed only where the settings trust it."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from fastapi import Request

from config.errors import ConfigurationError

ONE_SITE_BITS = 64  # of an IPv6 address: a site has all of the rest, and could change it for every request
UNKNOWN = "unknown"


class Addresses:
    """The client's address of each request."""

    def __init__(self, trusted: Sequence[str] = ()) -> None:
        """
        Args:
            trusted: addresses and networks of our own proxies.
        Raises:
            ConfigurationError: one of them is none.
        """
        try:
            self._trusted = [ip_network(each, strict=False) for each in trusted]
        except ValueError as error:
            raise ConfigurationError(
                f"ENERGIMONITOR_TRUSTED_PROXIES: {error}; write addresses or networks, as 10.0.0.5 or 10.0.0.0/24",
                f"ENERGIMONITOR_TRUSTED_PROXIES: {error}; skriv adresser eller nät, som 10.0.0.5 eller 10.0.0.0/24",
            ) from error

    def of(self, request: Request) -> str:
        """The address, or "unknown".

        Of X-Forwarded-For the last one that is not a proxy of ours counts: what stands before it was said by the client.
        """
        peer = request.client.host if request.client else ""
        given = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",") if part.strip()]
        for text in [peer, *reversed(given)]:
            found = _address(text)
            if found is None:
                return UNKNOWN
            if not any(found in network for network in self._trusted):
                return str(found)
        return str(_address(given[0] if given else peer) or UNKNOWN)

    def is_secure(self, request: Request) -> bool:
        """Whether the browser speaks TLS, to us or to a proxy that we trust."""
        peer = _address(request.client.host if request.client else "")
        if peer is not None and any(peer in network for network in self._trusted):
            said = request.headers.get("x-forwarded-proto", "")
            if said:
                return said.split(",")[-1].strip() == "https"
        return request.url.scheme == "https"


def counted_as(address: str) -> str:
    """By what an address is counted: an IPv6 site as one."""
    found = _address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, ONE_SITE_BITS), strict=False))
    return address


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.split("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
