"""Passwords are hashed slowly, compared alike for everybody, and not weak."""

import pytest
from argon2 import Type, extract_parameters

from services.web.signing.passwords import MEMORY_KIB, Passwords, is_hash, weakness

QUICK = Passwords(memory_kib=64, passes=1)


class Counting:
    """A hasher that notes what it is asked to verify."""

    def __init__(self, passwords: Passwords) -> None:
        self.asked: list[str] = []
        self._inner = passwords._hasher
        passwords._hasher = self  # type: ignore[assignment]  # a double in its place

    def verify(self, hashed: str, password: str) -> bool:
        self.asked.append(hashed)
        return self._inner.verify(hashed, password)


def test_people_get_the_slow_hash() -> None:
    """RFC 9106: Argon2id, 64 MiB, three passes."""
    found = extract_parameters(Passwords().hash("fyra ord på rad räcker"))

    assert (found.type, found.memory_cost, found.time_cost, found.parallelism) == (Type.ID, MEMORY_KIB, 3, 4)
    assert is_hash(Passwords().hash("x"))


def test_only_the_right_one_is_right() -> None:
    """Typed as one character or as two; another hash, or none, is never right."""
    hashed = QUICK.hash("café på hörnet i stan")

    assert QUICK.is_right(hashed, "cafe\N{COMBINING ACUTE ACCENT} på hörnet i stan")
    assert not QUICK.is_right(hashed, "café på hörnet i sta")
    assert not QUICK.is_right("no hash", "café på hörnet i stan")
    assert not QUICK.is_right(None, "there is no such account")


def test_an_unknown_account_costs_the_same_work() -> None:
    """One verification with the same parameters: an answer that comes sooner would tell which names exist."""
    passwords = Passwords(memory_kib=64, passes=1)
    hashed = passwords.hash("fyra ord på rad räcker")
    counting = Counting(passwords)
    passwords.is_right(hashed, "x")
    passwords.is_right(None, "x")

    assert len(counting.asked) == 2
    assert extract_parameters(counting.asked[0]) == extract_parameters(counting.asked[1])


WEAK = [
    "kort",
    "Sommar2026!!",
    "lösenord1234",
    "anna.ek12345",
    "aaaaaaaaaaaaaaa",
    "123456789012345",
    "Välkommen123!",
    "x" * 300,
    "qwertyqwerty1",
]


@pytest.mark.parametrize("password", WEAK)
def test_a_weak_one_is_refused_with_its_reason(password: str) -> None:
    """In both languages."""
    told = weakness(password, "anna.ek")

    assert told is not None
    assert all(len(words) > 10 for words in told)


@pytest.mark.parametrize("password", ["fyra ord på rad räcker", "kRj3-vvPq_92Lm", "häst batteri klammer"])
def test_a_good_one_is_taken(password: str) -> None:
    """Words do as well as signs."""
    assert weakness(password, "anna.ek") is None
