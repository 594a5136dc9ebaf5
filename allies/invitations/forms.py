"""What people send to join."""

from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, ValidationError

from allies.accounts.passphrases import weakness
from allies.forms import AtMost, DayField, Form, TwicePassphrase, choices, text
from allies.i18n import _, _l
from allies.people.fields import LONGEST_NAME, PhoneField, email
from allies.second_step.offer import Offer


class CodeForm(Form):
    code = text(_l("Your code"), limit=80)


def agreement():
    """The box that accepts the house rules."""
    needed = DataRequired(_l("You can only join with these rules."))
    return BooleanField(_l("I agree with these rules"), [needed])


class RulesForm(Form):
    rules = agreement()
    leave = RadioField(_l("Do you stay where you are now?"), default="")

    def __init__(self, places):
        """`places` are the memberships that whoever joins may give up in the same press."""
        super().__init__()
        leave = {m.id: _("No, I leave %(group)s", group=m.alliance.name) for m in places}
        self.leave.choices = choices({"": _("Yes, I stay")} | leave)


class NewcomerForm(Form):
    """Who somebody is, and one way to sign in: a passkey, or a passphrase with a code app."""

    name = text(_l("Your name"), limit=LONGEST_NAME)
    email = email(_l("E-mail address"))
    phone = PhoneField(_l("Mobile number"))
    rules = agreement()
    own_device = BooleanField(_l("This is my own phone"))
    credential = HiddenField()
    passphrase = TwicePassphrase(_l("Passphrase"))
    offer = HiddenField()
    app_code = StringField(_l("The six digits that the app shows now"), [AtMost(20)])

    def __init__(self, invitation):
        super().__init__()
        self.app = Offer.read(self.offer.data or "", invitation.id) or Offer.new(invitation.id)
        self.step = None  # the half minute of the code, once it fits

    @property
    def brings_passkey(self):
        return bool(self.credential.data)

    def validate_passphrase(self, field):
        if self.brings_passkey:
            return
        if not field.data:
            raise ValidationError(_("Press the button for a passkey, or choose a passphrase."))
        about = (self.name.data or "", self.email.data or "")
        if reason := weakness(field.data, about=about):
            raise ValidationError(reason)

    def validate_app_code(self, field):
        self.step = self.app.step_of(field.data or "")
        is_asked = self.passphrase.data and not self.brings_passkey
        if is_asked and self.step is None:
            raise ValidationError(_("This code does not fit. Type the six digits of this moment."))


class DeputyForm(Form):
    last_day = DayField(_l("The last day of the deputy"))


class WayBackForm(Form):
    note = text(_l("Why is this needed?"), limit=300, lines=3)
