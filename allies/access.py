"""Everything with which somebody comes in; a lost phone closes all of it at once (TRUST T12).

Each feature registers its own: `@way_in("links in messages")` over a function
that takes a user and ends this way for them.
"""

from collections.abc import Callable

WAYS_IN: dict[str, Callable] = {}


def way_in(name):
    """Register the function below as what closes this way in for a user."""

    def register(close):
        WAYS_IN[name] = close
        return close

    return register


def close_all(user):
    """End every way in of this user, in the transaction at hand."""
    for close in WAYS_IN.values():
        close(user)
