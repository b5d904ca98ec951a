"""Which pieces of a register's readings make its course. Pure.

Steps that cannot be use cut the readings into pieces. The course is the chain of pieces that explains them best. To leave out a
piece between two that fit each other costs little; a new level for good costs more, for it takes an event in the world; and to
leave out a piece that is on neither of two levels costs by its readings: the more there are, the more it is a level of its own.
"""

from collections.abc import Callable, Sequence

from services.settlement.units import Micros

_PIECE = 100  # left out
_EACH = 1  # and each of its readings
_EACH_ON_NEITHER = 75  # where the readings around fit each other no better
_ANEW = 300  # a reset or an exchange
STRAINED = 60  # use at an unusual pace; twice that, for a reading off the course, is more than to leave it out
_LASTING = 2  # readings on a new level before it is believed, at either end of what is known


def kept_pieces(edges: Sequence[int], at_us: Micros, longest_us: int, price: Callable[[int, int], int | None]) -> list[int]:
    """Numbers of the pieces that are kept, by time.

    Args:
        edges: piece n is readings edges[n] to edges[n + 1] - 1.
        longest_us: false readings last no longer.
        price: what it costs to take the difference of two readings for use, one register going on; None where it cannot be.
    """
    count = len(edges) - 1
    best: list[tuple[int, int]] = []  # cost until this piece, the piece kept before it
    for piece in range(count):
        first = edges[piece]
        found = [(piece * _PIECE + _EACH * (first - edges[0]), -1)] if first - edges[0] <= _LASTING else []
        for earlier in range(piece - 1, -1, -1):
            last = edges[earlier + 1] - 1
            if earlier < piece - 1 and at_us[first - 1] - at_us[last + 1] > longest_us:
                break
            left_out = first - last - 1
            use = price(last, first)
            cost = _EACH_ON_NEITHER * left_out + _ANEW if use is None else _EACH * left_out + use
            found.append((best[earlier][0] + cost + _PIECE * (piece - 1 - earlier), earlier))
        best.append(min(found, key=lambda way: (way[0], -way[1])))
    ends = [
        (best[piece][0] + _PIECE * (count - 1 - piece) + _EACH * (edges[-1] - edges[piece + 1]), -piece)
        for piece in range(count)
        if edges[-1] - edges[piece + 1] < _LASTING
    ]
    piece = -min(ends)[1]
    chain = []
    while piece >= 0:
        chain.append(piece)
        piece = best[piece][1]
    return chain[::-1]
