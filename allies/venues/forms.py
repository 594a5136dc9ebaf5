"""What coordinators send about a place."""

from wtforms import HiddenField

from allies.venues.fields import PlaceFields


class PlaceForm(PlaceFields):
    seen = HiddenField()  # the place as it was on the page, see `service.mark_of`
