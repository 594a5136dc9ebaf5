"""What people send about names and contacts."""

from wtforms import EmailField, RadioField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from allies.forms import Form, choices, clean, text
from allies.i18n import _, _l
from allies.people.contacts import EMAIL, LONGEST_NAME
from allies.people.models import Reason
from allies.phone_numbers import e164, readable

FIELDS = {
    "name": _l("The name"),
    "email": _l("The e-mail address"),
    "phone": _l("The phone number"),
}
ASKED = {
    Reason.UNREACHABLE: _l("This member can't be reached in another way"),
    Reason.PRACTICAL: _l("Something practical that can't wait"),
    Reason.SAFETY: _l("It is about the safety of this member"),
}
# The same, told to the member.
REASONS = {
    Reason.UNREACHABLE: _l("You could not be reached in another way"),
    Reason.PRACTICAL: _l("Something practical that could not wait"),
    Reason.SAFETY: _l("It was about your safety"),
    Reason.ROUND: _l("To phone you about an urgent question"),
    Reason.WAY_BACK: _l("To let you in again after you were locked out"),
}
LEAST_NOTE, MOST_NOTE = 10, 300
LONGEST_NUMBER = 40


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
    phone = text(
        _l("Mobile number"),
        limit=LONGEST_NUMBER,
        required=False,
        description=_l("For example 06 12 34 56 78. Empty if you would rather not give one."),
    )

    def __init__(self, own, **options):
        """The form over somebody's `own` name and number."""
        self.kept, self.number = own["phone"], ""
        super().__init__(name=own["name"], phone=readable(own["phone"]), **options)

    def validate_phone(self, field):
        """Put the number in `number` as we store it; one left empty stays ""."""
        if field.data == readable(self.kept):  # it was taken before
            self.number = self.kept
            return
        try:
            self.number = e164(field.data)
        except ValueError:
            raise ValidationError(
                _("We can't read this number. Write it like 06 12 34 56 78, or leave it out.")
            ) from None


class EmailForm(Form):
    email = EmailField(
        _l("New e-mail address"),
        [
            DataRequired(_l("Please fill in your e-mail address.")),
            Length(max=254, message=_l("This address is too long.")),
            Regexp(EMAIL, message=_l("Look at this address again: something is missing.")),
        ],
        filters=[clean],
    )
