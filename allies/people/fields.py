"""What a name, an e-mail address and a phone number may be, wherever somebody fills one in."""

import re

from wtforms import EmailField, TelField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from allies.forms import clean
from allies.i18n import _, _l
from allies.phone_numbers import e164, readable

# What browsers take for an address, with a dot in the domain and no loose dots (RFC 5322 dot-atom):
# anything else can be typed, but no message to it can be made.
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})+\Z")
LONGEST_NAME = 75  # code points of at most 4 bytes: they fit a sealed field


def email(label, *, required=True):
    """A field for an address that messages can go to."""
    checks = [
        DataRequired(_l("Please fill in your e-mail address.")) if required else Optional(),
        Length(max=254, message=_l("This address is too long.")),
        Regexp(EMAIL, message=_l("Look at this address again: something is missing.")),
    ]
    return EmailField(label, checks, filters=[clean])


class PhoneField(TelField):
    """A phone number, or nothing; its data is E.164, like +31612345678.

    The number it was given is taken again as it was shown.
    """

    def process_formdata(self, values):
        typed = clean("".join(values[:1]))
        if typed == readable(self.object_data):
            self.data = self.object_data or ""
            return
        try:
            self.data = e164(typed) if typed else ""
        except ValueError:
            raise ValueError(
                _("We can't read this number. Write it like 06 12 34 56 78, or leave it out.")
            ) from None

    def _value(self):
        return self.raw_data[0] if self.raw_data else readable(self.data)
