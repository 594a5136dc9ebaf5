"""What people send to join."""

import re

from wtforms import BooleanField, EmailField, PasswordField
from wtforms.validators import DataRequired, Length, Regexp, StopValidation, ValidationError

from allies.accounts.passphrases import weakness
from allies.forms import Form, clean, text
from allies.i18n import _, _l

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


class TwicePassphrase(PasswordField):
    """A new passphrase, typed in two boxes of the same name that must hold the same."""

    def process_formdata(self, values):
        super().process_formdata(values)
        self.is_same = len(set(values)) <= 1

    def pre_validate(self, form):
        if not self.is_same:
            raise StopValidation(_("These are two different passphrases. Type the same one twice."))


class NewcomerForm(Form):
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
    passphrase = TwicePassphrase(
        _l("Passphrase"), [DataRequired(_l("Please choose a passphrase."))]
    )

    rules = agreement()

    def validate_passphrase(self, field):
        about = (self.name.data or "", self.email.data or "")
        if reason := weakness(field.data, about=about):
            raise ValidationError(reason)
