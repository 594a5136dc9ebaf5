"""Ending sign-ins elsewhere, forgetting phones, and closing everything after a loss (TRUST T12)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from allies import access
from allies.accounts.models import Device, SignIn
from allies.accounts.service import has_passphrase
from allies.audit import record
from allies.db import atomic
from allies.second_step import service as second_step

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # no clock that is set back revives it


@dataclass(frozen=True)
class Afterwards:
    """With what somebody can come in when everything is closed: what is not on a phone."""

    by_passphrase: bool
    printed_codes: int


def afterwards(user):
    """What will still work for this user. A code app goes with the phone it is on."""
    printed = second_step.printed_left(user)
    is_enough = printed > 0 or second_step.code_app_of(user) is None
    return Afterwards(by_passphrase=has_passphrase(user) and is_enough, printed_codes=printed)


@atomic
def end(sign_in):
    """End a sign-in on another device. Its row stays until the night: what is being written
    there can still be held (see `held`)."""
    SignIn.update(ends_at=LONG_AGO).where(SignIn.id == sign_in.id).execute()


@atomic
def forget(device):
    """Forget a phone: its sign-ins end, and it stands for the second step no more."""
    SignIn.delete().where(SignIn.device == device.id).execute()
    Device.delete().where(Device.id == device.id).execute()


@atomic
def close_everything(user, *, by=None, membership=None):
    """End every way in of a user who lost a phone; `by` a coordinator for the ally `membership`."""
    access.close_all(user)
    if by:
        record(by, "member.lost-phone", membership)
    else:
        record(user, "account.lost-phone")
