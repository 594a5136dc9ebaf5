"""What people send about meetings."""

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from allies.db import now
from allies.errors import Refused
from allies.forms import Form, MomentField, WholeNumber, choices, text
from allies.i18n import _, _l, local
from allies.meetings.answers import Answer, NeedKind
from allies.meetings.places import choosable
from allies.venues.fields import PlaceFields
from allies.venues.models import OF_A_PLACE
from allies.wording import AtTable, gives_nothing_away, names_nobody

ANSWERS = {
    Answer.YES: _l("Yes, I'm coming"),
    Answer.MAYBE: _l("Maybe"),
    Answer.NO: _l("No, I can't"),
}
NOTED = {
    Answer.YES: _l("Noted: you are coming."),
    Answer.MAYBE: _l("Noted: maybe."),
    Answer.NO: _l("Noted: you can't come."),
}
HAD_ANSWERED = {
    Answer.YES: _l("You said yes."),
    Answer.MAYBE: _l("You said maybe."),
    Answer.NO: _l("You said no."),
}
NEEDS = {
    NeedKind.VEGETARIAN: _l("Vegetarian food"),
    NeedKind.OTHER_DIET: _l("Another diet"),
    NeedKind.STEP_FREE: _l("A way in without steps"),
    NeedKind.INTERPRETER: _l("An interpreter"),
    NeedKind.TRAVEL: _l("Help with getting there"),
    NeedKind.CHILD_CARE: _l("Child care"),
}


class RsvpForm(Form):
    """One tap. The note is that of before unless one is sent along."""

    answer = SelectField(_l("Answer"), choices=choices(ANSWERS))
    note = text(_l("A note for the coordinators"), limit=300, required=False)
    # the meeting as it was on the page, for who had it open while the meeting was changed
    sequence = IntegerField(_l("The meeting"), [Optional()], widget=HiddenInput())
    validate_note = names_nobody

    @property
    def sent_note(self):
        """The note, or None when the form that was sent had no room for one."""
        return self.note.data if self.note.raw_data else None


class NeedsForm(Form):
    """What somebody needs at a meeting, and a note."""

    needs = SelectMultipleField(
        _l("What do you need?"),
        choices=choices(NEEDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    note = text(_l("A note for the coordinators"), limit=300, required=False)
    validate_note = names_nobody


class AnswerForForm(Form):
    """What an ally said by phone; `offer` fills in whose answer it can be."""

    answer = SelectField(_l("Answer"), choices=choices(ANSWERS))
    member = SelectField(_l("For whom"))
    saw = SelectField(_l("Answered before"), default="", choices=choices({"": ""} | ANSWERS))

    def offer(self, allies):
        self.allies = {ally.id: ally for ally in allies}
        self.member.choices = choices({ally.id: ally.id for ally in allies})
        return self

    @property
    def ally(self):
        return self.allies[self.member.data]


class VenueChoice(PlaceFields):
    """The venue part of planning: one of those `offer` fills in, or a new one described here."""

    venue = SelectField(_l("Place"), default="", validate_choice=False)
    reason = text(_l("Why here again?"), limit=300, required=False)
    validate_reason = names_nobody

    def offer(self, alliance):
        """Let the places of this alliance be chosen, those of longest ago first."""
        offered = choosable(alliance)
        self.venues = {venue.id: venue for venue, _last_at in offered}
        self.venue.choices = choices({"": _l("Not known yet")} | dict(map(labelled, offered)))
        return self

    def validate_venue(self, field):
        """Somebody may have taken a place off the list while this form was open."""
        if field.data and not self.chosen:
            raise ValidationError(_l("This place was taken off the list just now. Choose another."))

    @property
    def chosen(self):
        return self.venues.get(self.venue.data)

    @property
    def new_place(self):
        """What was filled in about a new place, by field; empty when nothing was."""
        return self.place if any(self.place.values()) else {}

    @property
    def must_describe(self):
        """A new place needs its name, area and address; without one they stay empty."""
        return bool(self.new_place)

    @property
    def is_wrong_about_place(self):
        return any(self[name].errors for name in OF_A_PLACE)


class WhenForm(Form):
    """When a meeting is, and whether it is one of the five of the year."""

    starts_at = MomentField(_l("Day and time"))
    duration = WholeNumber(
        _l("How long, in minutes"),
        [
            InputRequired(_l("Please fill this in.")),
            NumberRange(30, 480, _l("Between 30 and 480 minutes.")),
        ],
        default=120,
    )
    is_extra = BooleanField(_l("This is an extra meeting, beside the five of the year"))

    @property
    def when(self):
        """What was filled in, by field of a meeting."""
        return {name: self[name].data for name in ("starts_at", "duration", "is_extra")}


class Seen(Form):
    """A form about a meeting as it was on the page, see `marks`."""

    seen = HiddenField()


class MeetingForm(AtTable, VenueChoice, WhenForm):
    brings = text(_l("What police and municipality bring"), lines=4, required=False)
    validate_brings = gives_nothing_away


class ChangeForm(AtTable, WhenForm, Seen):
    brings = text(_l("What police and municipality bring"), lines=4, required=False)
    why_here = text(_l("Why here again?"), limit=300, required=False)
    validate_brings, validate_why_here = gives_nothing_away, names_nobody

    def renew(self, meeting, names):
        """Show these fields as they are now, for whoever sends the form again."""
        for name in names:
            self[name].raw_data, self[name].data = None, getattr(meeting, name)

    def refuse_when(self, refusal):
        """Show beside its field what was refused; of a place only the reason stands here."""
        is_here = refusal.field in self
        self.refuse(refusal if is_here else Refused("why_here", refusal.text))


class PlaceForm(VenueChoice, Seen):
    """The place of a meeting that was planned before."""


class AgainForm(VenueChoice, WhenForm, Seen):
    """A new date for a meeting that was cancelled."""


class CancelForm(Seen):
    why = text(_l("Why?"), limit=300, required=False)
    validate_why = names_nobody


class PublishForm(Seen):
    """Telling everybody of a draft."""

    reason = text(_l("Why here again?"), limit=300, required=False)
    validate_reason = names_nobody

    def refuse_at_all(self, refusal):
        """Show what a service refused about the draft: at the top, for its facts are no fields."""
        self.form_errors.append(refusal.text)


def labelled(offered):
    """(value, label) of a place to choose, with the year of its last meeting, also one to come."""
    venue, last_at = offered
    label = f"{venue.name}, {venue.area}"
    if last_at is None:
        return venue.id, label
    facts = {"place": label, "year": local(last_at).year}
    if last_at > now():
        return venue.id, _("%(place)s (planned in %(year)s)", **facts)
    return venue.id, _("%(place)s (last in %(year)s)", **facts)
