"""Devices that somebody called their own: the secret in its cookie stands for the second step."""

from datetime import timedelta

from allies.access import way_in
from allies.accounts.models import Device, User
from allies.audit import record
from allies.crypto import digest, token
from allies.db import atomic, now

VALID = timedelta(days=180)
MOST = 10


def known(secret):
    """The device with this secret in its cookie; None when it was forgotten, or after 180 days."""
    this = (Device.id == digest(secret)) & (Device.ends_at > now())
    return Device.select(Device, User).join(User).where(this).first()


@atomic
def mark(user, *, platform="", instead_of=""):
    """Make this device the user's own; returns the new secret and the device.

    `instead_of` is the secret that its cookie held before: that opens nothing any
    more. Of more than ten devices the one that was used longest ago is let go.
    """
    Device.delete().where(Device.id == digest(instead_of)).execute()
    mine = Device.select().where(Device.user == user.id)
    for surplus in mine.order_by(Device.used_on.desc(), Device.ends_at.desc()).offset(MOST - 1):
        surplus.delete_instance()
    secret = token() + token()
    device = Device.create(
        id=digest(secret), user=user.id, platform=platform, ends_at=now() + VALID
    )
    record(user, "account.device-marked")
    return secret, device


@way_in("own devices")
def close(user):
    """Let no device stand for the second step of this user any more."""
    Device.delete().where(Device.user == user.id).execute()
