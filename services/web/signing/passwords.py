"""Passwords: Argon2id hashes, and what is too weak to be one."""

import re
import threading
import unicodedata

from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 12  # characters; NIST SP 800-63B section 5.1.1.2 asks for 8, or 15 where nothing else is asked for
MOST = 256  # characters; hashing is slow on purpose, and not for novels
DIFFERENT = 5
# RFC 9106 section 4, second recommendation (64 MiB, 3 passes, 4 lanes): for machines that do other things too.
MEMORY_KIB, PASSES, LANES = 65_536, 3, 4
LEAST_MEMORY_KIB, LEAST_PASSES = 19_456, 2  # OWASP password storage cheat sheet; what other programs may have made
AT_ONCE = 2  # verifications; a burst of sign-ins must not take all memory
COMMON = (
    "123456789012", "administrator", "energimonitor", "hemligt", "lösenord", "losenord", "password", "passw0rd", "qwerty",
    "sommar", "vinter", "välkommen", "valkommen", "welcome", "kommun", "energi", "letmein", "abc123", "test",
)  # fmt: skip


class Passwords:
    """Hashes and verifies; any thread."""

    def __init__(self, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        """
        Args:
            memory_kib, passes: less for tests, never less for people.
        """
        self._hasher = PasswordHasher(passes, memory_kib, LANES, type=Type.ID)
        self._few = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("there is no such account")

    def hash(self, password: str) -> str:
        with self._few:
            return self._hasher.hash(_written(password))

    def is_right(self, hashed: str | None, password: str) -> bool:
        """Whether the password made the hash. With no hash (no such account) the same work is done, and the answer is no."""
        with self._few:
            try:
                right = self._hasher.verify(hashed or self._nobody, _written(password)[:MOST])
            except (VerificationError, InvalidHashError):
                return False
        return right and hashed is not None


def is_hash(text: str) -> bool:
    """Whether it is an Argon2id hash that is slow enough."""
    try:
        found = extract_parameters(text)
    except InvalidHashError:
        return False
    return found.type is Type.ID and found.memory_cost >= LEAST_MEMORY_KIB and found.time_cost >= LEAST_PASSES


def weakness(password: str, name: str) -> tuple[str, str] | None:
    """Why it is too weak for the account, English and Swedish; None where it is not."""
    written = _written(password)
    if len(written) < LEAST:
        return f"shorter than {LEAST} characters; four words will do", f"kortare än {LEAST} tecken; fyra ord räcker"
    if len(written) > MOST:
        return f"longer than {MOST} characters", f"längre än {MOST} tecken"
    plain = written.casefold()
    if len(set(plain)) < DIFFERENT:
        return f"fewer than {DIFFERENT} different characters", f"färre än {DIFFERENT} olika tecken"
    letters = re.sub(r"[\W\d_]+", "", plain)
    rest = letters.replace(re.sub(r"[\W\d_]+", "", name.casefold()) or "\0", "")
    for word in COMMON:
        rest = rest.replace(word, "")
    if len(rest) < DIFFERENT and plain != "":
        return (
            "made of the account's name, common words and digits; choose words that nobody would guess",
            "gjort av kontots namn, vanliga ord och siffror; välj ord som ingen gissar",
        )
    return None


def _written(password: str) -> str:
    """The same bytes from every keyboard: é may be typed as one character or as two."""
    return unicodedata.normalize("NFC", password)
