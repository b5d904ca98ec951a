"""Addresses that we may send secrets or names of buildings to, and addresses of people."""

import re
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def is_safe_address(address: str) -> bool:
    """https, or plain http on this machine."""
    try:
        found = urlsplit(address)
        return bool(found.hostname) and (found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK))
    except ValueError:  # an unclosed bracket
        return False


_MAIL = re.compile(
    r"(?=.{3,254}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"  # RFC 5322, dot-atom
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
    re.IGNORECASE | re.ASCII,
)


def is_mail_address(text: str) -> bool:
    """One address that every mail server takes: ASCII, nothing quoted, a domain with a dot."""
    return len(text.partition("@")[0]) <= 64 and _MAIL.fullmatch(text) is not None
