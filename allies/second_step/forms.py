"""What people send as a second step, and to set one up."""

from wtforms import BooleanField, HiddenField

from allies.forms import Form, text
from allies.i18n import _l


class CodeForm(Form):
    code = text(_l("Code"), limit=80)
    own_device = BooleanField(_l("This is my own phone"))


class CodeAppForm(Form):
    """The offer that was shown, and a first code of the app that took it."""

    offer = HiddenField()
    code = text(_l("The code that the app shows now"), limit=80)
