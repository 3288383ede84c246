"""What hangs together: parts of a graph, as arrays."""

import numpy as np

from ..model.arrays import Integers, Places


def components(count: int, one: Integers, other: Integers) -> Integers:
    """(count,) for each node the smallest node of its part; ``one`` and ``other`` are its edges."""
    smallest = np.arange(count)
    while len(one):
        roots, others = smallest[one], smallest[other]
        apart = roots != others
        one, other = one[apart], other[apart]
        low = np.minimum(roots[apart], others[apart])
        # Of several that hang on the same one, one wins, and the rest has its turn next time.
        smallest[np.maximum(roots[apart], others[apart])] = low
        _shorten(smallest)
    return smallest


def _shorten(smallest: Integers) -> None:
    """Let every node point to its root directly."""
    while True:
        further = smallest[smallest]
        if np.array_equal(further, smallest):
            return
        smallest[:] = further


def numbered(roots: Integers) -> tuple[Integers, int]:
    """The parts, told by one of their nodes each, counted from 0, and how many there are."""
    numbers = np.zeros(len(roots), dtype=np.int64)
    numbers[roots] = 1
    numbers = np.cumsum(numbers) - 1  # without sorting
    return numbers[roots], int(numbers[-1]) + 1 if len(roots) else 0


def summed(values: Places, number: Integers, count: int) -> Places:
    """(count,) sum of the values that have each number."""
    return np.bincount(number, values, count).astype(np.float64)
