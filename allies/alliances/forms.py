"""What members send about their own place."""

from allies.forms import DayField, Form
from allies.i18n import _l


class PauseForm(Form):
    until = DayField(_l("The last day of your pause"))
