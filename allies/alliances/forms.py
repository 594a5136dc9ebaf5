"""What is sent about an alliance: by members about their own place, by coordinators about all."""

from wtforms.validators import InputRequired, NumberRange

from allies.forms import DayField, Form, WholeNumber
from allies.i18n import _l


class PauseForm(Form):
    until = DayField(_l("The last day of your pause"))


class AgreementsForm(Form):
    """What the group agreed about its meetings."""

    least_coming = WholeNumber(
        _l("From how many allies is a meeting on?"),
        [
            InputRequired(_l("Please fill in a number.")),
            NumberRange(1, 15, _l("Between 1 and 15 allies.")),
        ],
    )
    place_days = WholeNumber(
        _l("How many days before do members see the address?"),
        [
            InputRequired(_l("Please fill in a number.")),
            NumberRange(1, 30, _l("Between 1 and 30 days.")),
        ],
    )
