"""What the fields of a contact, and the reasons to look at one, are called on a page."""

from allies.i18n import _l
from allies.people.models import Reason

FIELDS = {
    "name": _l("The name"),
    "email": _l("The e-mail address"),
    "phone": _l("The phone number"),
}
# As the member reads them.
REASONS = {
    Reason.UNREACHABLE: _l("You could not be reached in another way"),
    Reason.PRACTICAL: _l("Something practical that could not wait"),
    Reason.SAFETY: _l("It was about your safety"),
    Reason.ROUND: _l("To phone you about an urgent question"),
    Reason.WAY_BACK: _l("To let you in again after you were locked out"),
}
