"""What coordinators send about guests."""

from allies.forms import Form, text
from allies.i18n import _l
from allies.people.fields import email
from allies.wording import AtTable, gives_nothing_away

LONGEST_FUNCTION = 80


class GuestForm(AtTable, Form):
    function = text(_l("What the guest does"), limit=LONGEST_FUNCTION)
    email = email(_l("E-mail address of the guest"), required=False)
    validate_function = gives_nothing_away
