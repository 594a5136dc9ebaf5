"""What people send to join."""

import re

from wtforms import BooleanField, EmailField, HiddenField, RadioField, StringField, TelField
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from allies.accounts.passphrases import weakness
from allies.forms import AtMost, DayField, Form, TwicePassphrase, choices, clean, text
from allies.i18n import _, _l
from allies.phone_numbers import e164
from allies.second_step.offer import Offer

# What browsers take for an address, with a dot in the domain and no loose dots (RFC 5322 dot-atom):
# anything else can be typed, but no message to it can be made.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})+\Z")
LONGEST_NAME = 75  # code points of at most 4 bytes: they fit a sealed field


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


class PhoneField(TelField):
    """A phone number, or nothing; its data is E.164, like +31612345678."""

    def process_formdata(self, values):
        typed = clean("".join(values[:1]))
        try:
            self.data = e164(typed) if typed else ""
        except ValueError:
            raise ValueError(
                _("We can't read this number. Write it like 06 12 34 56 78, or leave it out.")
            ) from None

    def _value(self):
        return self.raw_data[0] if self.raw_data else self.data or ""


class NewcomerForm(Form):
    """Who somebody is, and one way to sign in: a passkey, or a passphrase with a code app."""

    name = text(_l("Your name"), limit=LONGEST_NAME)
    email = EmailField(
        _l("E-mail address"),
        [
            DataRequired(_l("Please fill in your e-mail address.")),
            Length(max=254, message=_l("This address is too long.")),
            Regexp(EMAIL, message=_l("Look at this address again: something is missing.")),
        ],
        filters=[clean],
    )
    phone = PhoneField(_l("Mobile number"))
    rules = agreement()
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
