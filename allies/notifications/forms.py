"""What people send from the page behind a link."""

from wtforms import SelectField

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
