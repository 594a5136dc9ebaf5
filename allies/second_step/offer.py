"""A code app that is offered: its secret, until a first code shows that the app has it."""

import base64
import binascii
from dataclasses import dataclass

import pyotp
import segno
from cryptography.exceptions import InvalidTag

from allies.sealing import Sealed
from allies.second_step.service import step_of

GROUP = 4
QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)
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

    def drawing(self, name):
        """The QR code of that address: the width in modules, and the path of the dark ones."""
        rows = segno.make(self.address(name), error="l", micro=False, boost_error=False).matrix
        lines = [dark_line(row, y + QUIET) for y, row in enumerate(rows)]
        return {"width": len(rows) + 2 * QUIET, "path": "".join(lines)}


def dark_line(row, y):
    """The dark modules of a row as pieces of one line through its middle, a module thick."""
    path, at, start = f"M{QUIET} {y}.5", 0, None
    for x, is_dark in enumerate([*row, 0]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            path, at, start = f"{path}m{start - at} 0h{x - start}", x, None
    return path
