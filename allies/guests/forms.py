"""What coordinators send about guests."""

from allies.forms import Form, text
from allies.i18n import _l
from allies.people.fields import email
from allies.wording import names_nobody

LONGEST_FUNCTION = 80


class GuestForm(Form):
    function = text(_l("What the guest does"), limit=LONGEST_FUNCTION)
    email = email(_l("E-mail address of the guest"), required=False)
    validate_function = names_nobody
