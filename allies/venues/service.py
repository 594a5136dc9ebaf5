"""Everything that changes the register of places."""

from allies.audit import record
from allies.db import atomic
from allies.errors import Refused
from allies.i18n import _l
from allies.venues.models import Venue


@atomic
def add(alliance, *, by, **facts):
    """Add a place to the register. Raises Refused for a name that is in it."""
    if any(v.name.casefold() == facts["name"].casefold() for v in alliance.venues):
        raise Refused("name", _l("This place is in the list already. Choose it there."))
    venue = Venue.create(alliance=alliance, **facts)
    record(by, "venue.added", venue)
    return venue
