"""What a place is described with, wherever somebody fills one in."""

from wtforms import BooleanField

from allies.forms import Form, text
from allies.i18n import _l
from allies.venues.models import OF_A_PLACE
from allies.wording import names_nobody, reaches_nobody

NEEDED = OF_A_PLACE[:3]


class PlaceFields(Form):
    """A form with the fields of a place. Those that are needed are looked at by `validate`."""

    name = text(_l("Name"), limit=80, required=False)
    area = text(_l("Village or part of town"), limit=80, required=False)
    address = text(_l("Address"), limit=160, required=False)
    transport = text(_l("Bus stop or parking"), limit=160, required=False)
    validate_transport = names_nobody
    validate_name = validate_area = reaches_nobody
    is_step_free = BooleanField(_l("You can enter without steps"))
    has_discreet_entrance = BooleanField(_l("The entrance is out of sight"))
    has_kitchen = BooleanField(_l("There is a kitchen"))

    @property
    def place(self):
        """What was filled in about a place, by field."""
        return {name: self[name].data for name in OF_A_PLACE}

    @property
    def must_describe(self):
        """Must there be a place in this form?"""
        return True

    def validate(self, **options):
        is_valid = super().validate(**options)
        missing = [n for n in NEEDED if self.must_describe and not self[n].data]
        for name in missing:
            self[name].errors = [*self[name].errors, _l("Please fill this in.")]
        return is_valid and not missing
