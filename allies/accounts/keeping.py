"""What is kept of accounts and sign-ins, and for how long."""

from datetime import timedelta

from allies.accounts.models import IDLE, Attempt, Device, HeldForm, Passphrase, SignIn, User
from allies.accounts.service import close_sign_ins, has_passphrase
from allies.alliances.models import Membership
from allies.db import now
from allies.i18n import _l, today
from allies.keeping import About, ids_of, keep, nobodys, rows, theirs, untraceable
from allies.receipts import Receipt
from allies.rights.leaving import erase_user

DAY = timedelta(days=1)
RECEIPTS_KEPT = timedelta(days=2)


def erase_account(leaver):
    if leaver.is_whole:
        User.delete().where(User.id == leaver.user.id).execute()


def erase_accounts_at_an_end():
    """Erase who was shut out, and who belongs to no group any more."""
    belongs = User.id.in_(Membership.select(Membership.user))
    for user in User.select().where(User.disabled_at.is_null(False) | ~belongs):
        erase_user(user)


def end_sign_ins(leaver):
    """Leaving shows at once, on every device; who stays elsewhere signs in anew."""
    close_sign_ins(leaver.user)


def prune_sign_ins():
    """Drop what ended more than a day ago, also what ended by being idle."""
    day_ago = now() - DAY
    SignIn.delete().where((SignIn.ends_at < day_ago) | (SignIn.seen_at < day_ago - IDLE)).execute()


def forget_places(leaver):
    """A receipt holds where its sender was sent: also to the page of one member."""
    for each in ids_of(leaver):
        Receipt.delete().where(Receipt.location.contains(each)).execute()


def sign_ins_of(user):
    mine = SignIn.select().where(SignIn.user == user.id).order_by(SignIn.started_at)
    return rows(mine, "platform", "started_at", "seen_at", "ends_at")


def devices_of(user):
    mine = Device.select().where(Device.user == user.id).order_by(Device.made_on)
    return rows(mine, "platform", "made_on", "used_on", "ends_at")


def passphrase_of(user):
    return [{"is_set": True}] if has_passphrase(user) else []


keep(
    User,
    about=About.YOU,
    what=_l("That you have an account, and in which language you read."),
    term=_l("Until you leave, then less than a day."),
    export=lambda user: rows([User.get_by_id(user.id)], "locale"),
    erase=erase_account,
    prune=erase_accounts_at_an_end,
)
keep(
    Passphrase,
    about=About.SIGNING_IN,
    what=_l("Your passphrase, made unreadable. We can't read it back."),
    term=_l("Until you choose another one, or leave."),
    export=passphrase_of,
    erase=theirs(Passphrase),
)
keep(
    SignIn,
    about=About.SIGNING_IN,
    what=_l("Where you are signed in: roughly which device, and since when."),
    term=_l("Until the sign-in ends, and one day more."),
    export=sign_ins_of,
    erase=end_sign_ins,
    prune=prune_sign_ins,
)
keep(
    Device,
    about=About.SIGNING_IN,
    what=_l("The phones that you called your own: roughly which, and since when."),
    term=_l("180 days after you said so, and one day more."),
    export=devices_of,
    erase=theirs(Device),
    prune=lambda: Device.delete().where(Device.ends_at < now() - DAY).execute(),
)
keep(
    HeldForm,
    about=About.SIGNING_IN,
    what=_l("A text you sent when you were signed out, locked with a key only your browser has."),
    term=_l("15 minutes."),
    export=nobodys,
    erase=untraceable,
    prune=lambda: HeldForm.delete().where(HeldForm.ends_at < now()).execute(),
    every_minute=True,
)
keep(
    Attempt,
    about=About.SIGNING_IN,
    what=_l("How often somebody tried to get in. Not who, and not from where."),
    term=_l("One day."),
    export=nobodys,
    erase=untraceable,
    prune=lambda: Attempt.delete().where(Attempt.at < now() - DAY).execute(),
)
keep(
    Receipt,
    about=About.LOGS,
    what=_l("That a form was sent, so that sending it twice counts once. Not by whom."),
    term=_l("Two days."),
    export=nobodys,
    erase=forget_places,
    prune=lambda: Receipt.delete().where(Receipt.day < today() - RECEIPTS_KEPT).execute(),
)
