"""What is kept of passkeys, and for how long."""

from allies.i18n import _l
from allies.keeping import About, keep, nobodys, rows, theirs, untraceable
from allies.passkeys.models import Passkey, SpentChallenge
from allies.passkeys.service import prune

keep(
    Passkey,
    about=About.SIGNING_IN,
    what=_l("Your passkeys: the half that is no secret, roughly which device, and days."),
    term=_l("Until you remove the passkey, or leave."),
    export=lambda user: rows(Passkey.visible_to(user), "platform", "made_on", "used_on"),
    erase=theirs(Passkey),
)
keep(
    SpentChallenge,
    about=About.SIGNING_IN,
    what=_l("That a passkey was used once, so that nobody can use it again. Not whose."),
    term=_l("One day."),
    export=nobodys,
    erase=untraceable,
    prune=prune,
)
