"""What people send about names and contacts."""

from wtforms import RadioField
from wtforms.validators import DataRequired, ValidationError

from allies.forms import Form, choices, text
from allies.i18n import _, _l
from allies.people.fields import LONGEST_NAME, PhoneField, email
from allies.people.models import Reason
from allies.people.words import FIELDS

ASKED = {
    Reason.UNREACHABLE: _l("This member can't be reached in another way"),
    Reason.PRACTICAL: _l("Something practical that can't wait"),
    Reason.SAFETY: _l("It is about the safety of this member"),
}
LEAST_NOTE, MOST_NOTE = 10, 300


class RevealForm(Form):
    field = RadioField(
        _l("What do you want to see?"),
        choices=choices(FIELDS),
        validators=[DataRequired(_l("Choose one."))],
    )
    reason = RadioField(
        _l("Why is it needed?"),
        choices=choices(ASKED),
        validators=[DataRequired(_l("Choose one."))],
    )
    note = text(
        _l("In your own words"),
        limit=MOST_NOTE,
        lines=3,
        description=_l("The member reads this. Write nothing here that is not meant for them."),
    )

    def validate_note(self, field):
        if len(field.data) < LEAST_NOTE:
            raise ValidationError(_("Write a bit more, so that the member understands why."))


class ContactForm(Form):
    name = text(_l("Your name"), limit=LONGEST_NAME)
    phone = PhoneField(
        _l("Mobile number"),
        description=_l("For example 06 12 34 56 78. Empty if you would rather not give one."),
    )


class EmailForm(Form):
    email = email(_l("New e-mail address"))
