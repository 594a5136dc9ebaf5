"""A code app that is offered: its secret, until a first code shows that the app has it."""

import base64
import binascii
from dataclasses import dataclass

import pyotp
from cryptography.exceptions import InvalidTag

from allies.sealing import Sealed
from allies.second_step.service import step_of
from allies.squares import square_of

GROUP = 4
PLACE = ("code_app", "offer")


@dataclass(frozen=True)
class Offer:
    """A secret for a code app, not yet anybody's. `bound_to` is the id of whom it is meant for."""

    secret: str
    bound_to: str

    @classmethod
    def new(cls, bound_to):
        return cls(pyotp.random_base32(), bound_to)

    @classmethod
    def read(cls, kept, bound_to):
        """The offer that a form brings back; None when it was changed, or is for somebody else."""
        try:
            sealed = base64.urlsafe_b64decode(kept.encode())
            return cls(Sealed.keyring.unseal(sealed, *PLACE, bound_to), bound_to)
        except (InvalidTag, binascii.Error, IndexError, ValueError):
            return None

    @property
    def kept(self):
        """The offer as a form can carry it: sealed, so that nobody else picks the secret."""
        sealed = Sealed.keyring.seal(self.secret, *PLACE, self.bound_to)
        return base64.urlsafe_b64encode(sealed).decode()

    def step_of(self, code):
        """The half minute of this code when it is one of this app, else None."""
        return step_of(self.secret, code)

    @property
    def groups(self):
        """The secret as it is typed over: groups of four."""
        return [self.secret[i : i + GROUP] for i in range(0, len(self.secret), GROUP)]

    def address(self, name):
        """The otpauth: address for the app; `name` is all that the app will show of us."""
        return pyotp.TOTP(self.secret).provisioning_uri(name=name, issuer_name=name)

    def square(self, name):
        """That address as a square to scan."""
        return square_of(self.address(name), error="l")
