"""What roles and organisations are called on a page."""

from allies.alliances.models import Organisation, Role
from allies.i18n import _


def role_name(role, organisation=None):
    """ "bondgenoot", "coördinator politie" and so on, in the reader's language."""
    names = {
        (Role.ALLY, None): _("ally"),
        (Role.PARTNER, None): _("partner"),
        (Role.COORDINATOR, Organisation.POLICE): _("coordinator, police"),
        (Role.COORDINATOR, Organisation.MUNICIPALITY): _("coordinator, municipality"),
    }
    return names[role, organisation]
