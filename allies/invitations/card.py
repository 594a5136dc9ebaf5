"""The card that is handed over: what stands on it, and its square to scan."""

from dataclasses import dataclass

from allies.squares import square_of


@dataclass(frozen=True)
class Card:
    """A fresh code as it is printed, this once. `address` is where it is typed in by hand."""

    invitation: object
    code: str
    address: str

    @property
    def square(self):
        """The address with the code, which stands behind the #: a browser sends that to nobody."""
        return square_of(f"{self.address}#{self.code}", error="m")
