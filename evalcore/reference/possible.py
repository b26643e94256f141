"""Can a printed share be the share of n items at all?"""

FINEST = 1e-9  # longer figures come from floating point


def is_possible(value: float, n: int, decimals: int) -> bool:
    """Whether a whole number of n items gives the value when it is rounded, or cut, to so many decimals.

    value: 0 to 1. decimals: those that were printed, counted on that scale (56.88 % has four). Either
    rounding of an exact half passes. A value that fails cannot be a share right of n items: replies were
    left out, n was another, or the figure was typed by hand.
    """
    unit = max(10**-decimals, FINEST)
    nearest = round(value * n)
    shares = (right / n for right in (nearest - 1, nearest, nearest + 1))
    return any(-0.5 * unit - 1e-12 <= share - value < unit - 1e-12 for share in shares)
