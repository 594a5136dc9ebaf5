"""What people send about actions."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from allies.actions.words import OWNERS
from allies.forms import DayField, Form, choices, text
from allies.i18n import _l
from allies.wording import AtTable, gives_nothing_away


class ActionForm(AtTable, Form):
    text = text(_l("What will be done?"), limit=300, lines=3)
    owner = RadioField(
        _l("Who does it?"),
        [InputRequired(_l("Please choose one."))],
        choices=choices(OWNERS),
    )
    due_on = DayField(_l("Ready by"))

    validate_text = gives_nothing_away


class DropForm(AtTable, Form):
    reason = text(_l("Why will it not be done?"), limit=300, lines=3)

    validate_reason = gives_nothing_away
