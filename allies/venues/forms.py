"""What coordinators send about a place."""

from allies.forms import Form
from allies.venues.fields import PlaceFields


class PlaceForm(PlaceFields, Form):
    pass
