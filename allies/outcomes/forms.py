"""What coordinators send when they say what was done."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from allies.forms import Form, choices, text
from allies.i18n import _l
from allies.outcomes.words import STATES
from allies.wording import names_nobody


class OutcomeForm(Form):
    state = RadioField(
        _l("What was done with it?"),
        [InputRequired(_l("Please choose one."))],
        choices=choices(STATES),
    )
    text = text(_l("What, and why?"), lines=5)

    validate_text = names_nobody
