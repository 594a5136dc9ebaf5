"""What coordinators send about reminders."""

from wtforms import HiddenField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from allies.forms import Form, choices
from allies.i18n import _l
from allies.reminders.planned import CHOICES


class RemindersForm(Form):
    """On how many days before the meeting; none at all is fine too."""

    days = SelectMultipleField(
        _l("How long before the meeting?"),
        coerce=int,
        choices=choices({days: str(days) for days in CHOICES}),
        option_widget=CheckboxInput(),
    )
    saw = HiddenField()  # which of them were chosen on the page, with commas between

    @property
    def seen(self):
        """The days that were chosen on the page, as texts; None when the form does not tell."""
        return self.saw.data.split(",") if self.saw.raw_data else None
