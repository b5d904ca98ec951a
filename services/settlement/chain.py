"""Which pieces of a register's readings make its course. Pure.

Steps that cannot be use cut the readings into pieces. The course is the chain of pieces that explains them best. To leave out a
piece between two that fit each other costs little; a new level for good costs more, for it takes an event in the world; and to
leave out a piece that is on neither of two levels costs by its readings: the more there are, the more it is a level of its own.
"""

from collections.abc import Callable, Sequence

from services.settlement.units import Micros

_RUN = 50  # of readings left out
_PIECE = 50  # and each piece in it
_EACH = 20  # and each reading, but a piece is no worse for lasting long
_MOST = 350
_EACH_ON_NEITHER = 75  # where the readings around fit each other no better
_ANEW = 300  # a reset or an exchange
STRAINED = 110  # use at an unusual pace; a reading off the course has it on both sides, and is better left out
_LASTING = 2  # readings on a new level before it is believed, at either end of what is known


def kept_pieces(
    edges: Sequence[int], at_us: Micros, longest_us: Callable[[int, int], int], price: Callable[[int, int], int | None]
) -> list[int]:
    """Numbers of the pieces that are kept, by time.

    Args:
        edges: piece n is readings edges[n] to edges[n + 1] - 1.
        longest_us: false readings from one reading to another last no longer.
        price: what it costs to take the difference of two readings for use, one register going on; None where it cannot be.
    """
    count = len(edges) - 1
    best: list[tuple[int, int]] = []  # cost until this piece, the piece kept before it
    for piece in range(count):
        first = edges[piece]
        found = [(_left_out(edges, 0, piece), -1)] if first - edges[0] < _LASTING else []
        for earlier in range(piece - 1, -1, -1):
            last = edges[earlier + 1] - 1
            if earlier < piece - 1 and at_us[first - 1] - at_us[last + 1] > longest_us(last + 1, first - 1):
                break
            use = price(last, first)
            if use is None:
                use = _ANEW + _EACH_ON_NEITHER * (first - last - 1)
            found.append((best[earlier][0] + use + _left_out(edges, earlier + 1, piece), earlier))
        best.append(min(found, key=lambda way: (way[0], -way[1])))
    ends = [
        (best[piece][0] + _left_out(edges, piece + 1, count), -piece)
        for piece in range(count)
        if edges[-1] - edges[piece + 1] < _LASTING
    ]
    piece = -min(ends)[1]
    chain = []
    while piece >= 0:
        chain.append(piece)
        piece = best[piece][1]
    return chain[::-1]


def _left_out(edges: Sequence[int], piece: int, until: int) -> int:
    """The cost of leaving out the pieces from `piece` until the one before `until`."""
    if piece >= until:
        return 0
    return _RUN + sum(_PIECE + min(_MOST, _EACH * (edges[number + 1] - edges[number])) for number in range(piece, until))
