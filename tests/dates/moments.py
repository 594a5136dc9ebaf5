"""Moments to propose: in the afternoon, when nothing of the demo region begins."""

from datetime import timedelta

from allies.db import now
from allies.i18n import at_local_time, local


def on(days, minute=10):
    """So many days from today, at ten past two on the clock of Walcheren."""
    day = local(now() + timedelta(days=days))
    return at_local_time(day.replace(hour=14, minute=minute, second=0, microsecond=0, tzinfo=None))


def typed(moment):
    """A moment as the browser sends it."""
    return local(moment).strftime("%Y-%m-%dT%H:%M")
