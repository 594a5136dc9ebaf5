"""What people send about meetings."""

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from allies.forms import Form, MomentField, choices, text
from allies.i18n import _l
from allies.meetings.models import Answer

ANSWERS = {
    Answer.YES: _l("Yes, I come"),
    Answer.MAYBE: _l("Maybe"),
    Answer.NO: _l("No, I can't"),
}


class RsvpForm(Form):
    answer = SelectField(_l("Answer"), choices=choices(ANSWERS))
    note = text(_l("A note for the coordinators"), limit=300, required=False)


class VenueChoice(Form):
    """The venue part of planning; `offer` fills in what there is to choose."""

    venue = SelectField(_l("Place"), default="")
    reason = text(_l("Why here again?"), limit=300, required=False)

    def offer(self, venues):
        self.venues = {v.id: v for v in venues}
        labels = {v.id: f"{v.name}, {v.area}" for v in venues}
        self.venue.choices = choices({"": _l("Not known yet")} | labels)
        return self

    @property
    def chosen(self):
        return self.venues.get(self.venue.data)


class MeetingForm(VenueChoice):
    starts_at = MomentField(_l("Day and time"))
    duration = IntegerField(
        _l("How long, in minutes"),
        [
            InputRequired(_l("Please fill this in.")),
            NumberRange(30, 480, _l("Between 30 and 480 minutes.")),
        ],
        default=120,
    )
    is_extra = BooleanField(_l("This is an extra meeting, beside the five of the year"))
    brings = text(_l("What police and municipality bring"), lines=4, required=False)


class VenueForm(Form):
    name = text(_l("Name"), limit=80)
    area = text(_l("Village or part of town"), limit=80)
    address = text(_l("Address"), limit=160)
    transport = text(_l("Bus stop or parking"), limit=160, required=False)
    is_step_free = BooleanField(_l("You can enter without steps"))
    has_discreet_entrance = BooleanField(_l("The entrance is out of sight"))
    has_kitchen = BooleanField(_l("There is a kitchen"))
