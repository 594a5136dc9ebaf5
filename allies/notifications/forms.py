"""What people send from the page behind a link."""

from wtforms import HiddenField, SelectField

from allies.forms import Form, choices
from allies.i18n import _l
from allies.meetings.models import Answer

THANKS = {
    Answer.YES: _l("Thank you. Your answer is: yes, you come."),
    Answer.MAYBE: _l("Thank you. Your answer is: maybe."),
    Answer.NO: _l("Thank you for telling us. Your answer is: no, you do not come."),
}


class AnswerForm(Form):
    answer = SelectField(_l("Answer"), choices=choices(THANKS))
    seen = HiddenField()  # the sequence of the meeting on the page where it was answered

    def is_about(self, meeting):
        """Was this answer given to the meeting as it is now? Who does not say is believed."""
        return not self.seen.data or self.seen.data == str(meeting.sequence)
