"""Who does an action, as it is called on a page."""

from allies.actions.models import Owner
from allies.i18n import _l

OWNERS = {
    Owner.POLICE: _l("The police"),
    Owner.MUNICIPALITY: _l("The municipality"),
    Owner.GROUP: _l("The group together"),
}
