"""Addresses that we may send secrets or names of buildings to."""

from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_safe_address(address: str) -> bool:
    """https, or plain http on this machine."""
    try:
        found = urlsplit(address)
        return bool(found.hostname) and (found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK))
    except ValueError:  # an unclosed bracket
        return False
