"""What every form shares: plain text of a known length, a one-time key, a language."""

import re
import secrets
import unicodedata
from datetime import date, datetime
from functools import cache

from babel.support import Translations
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectChoice,
    StringField,
    TextAreaField,
)
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, Optional, StopValidation, ValidationError

from allies.i18n import _, _l, _n, at_local_time, current_locale, local

MAX_TEXT = 2000
PLAIN_NUMBER = re.compile(r"[0-9]{1,9}")  # far within what a database or a float can take
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
JOINERS = "\u200c\u200d"  # they hold emoji together, and letters of scripts without capitals
JOINED = {"So", "Sk", "Mn", "Mc", "Lo"}  # categories of what they stand between


def new_once():
    """A one-time key for a form."""
    return secrets.token_urlsafe(16)


@cache
def texts_of_wtforms(locale):
    """What WTForms itself says; Flask-WTF would read that file again for every request."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


class Form(FlaskForm):
    """A form of Allies. Fields it does not list are ignored, wherever they come from."""

    once = HiddenField(default=new_once)

    class Meta(FlaskForm.Meta):
        def get_translations(self, form):
            return texts_of_wtforms(current_locale())

    @property
    def facts(self):
        """What this form asked for and got, by field; nothing that it does not list."""
        return {k: v for k, v in self.data.items() if k not in {"csrf_token", "once"}}

    def refuse(self, refusal):
        """Show what a service refused beside the field it is about."""
        field = self[refusal.field]
        field.errors = [*field.errors, refusal.text]


def clean(value):
    """Text as we keep it: NFC, one kind of line end, nothing invisible; "" if nothing is left."""
    if value is None:
        return ""
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    shown = CONTROLS.sub("", unicodedata.normalize("NFC", lines))
    shown = "".join(c for c in shown if unicodedata.category(c) != "Cf" or c in JOINERS)
    shown = "".join(c for i, c in enumerate(shown) if c not in JOINERS or joins(shown, i)).strip()
    return shown if any(unicodedata.category(c)[0] in "LNPS" for c in shown) else ""


def joins(text, place):
    """Does the joiner at this place hold something together? In a word of ours it only hides."""
    around = text[max(place - 1, 0) : place], text[place + 1 : place + 2]
    return all(c and unicodedata.category(c) in JOINED for c in around)


def choices(labels):
    """The options of a select or radio field, from {value: label}."""
    return [SelectChoice(value, label) for value, label in labels.items()]


def text(label, *, limit=MAX_TEXT, required=True, lines=1, **options):
    """A field for plain text of at most `limit` code points."""
    checks = [DataRequired(_l("Please fill this in.")) if required else Optional(), AtMost(limit)]
    kind = TextAreaField if lines > 1 else StringField
    return kind(label, checks, filters=[clean], **options)


class AtMost:
    """Refuse text of more code points than the limit, saying how many too many."""

    def __init__(self, limit):
        self.limit = limit

    def __call__(self, form, field):
        excess = len(field.data or "") - self.limit
        if excess > 0:
            said = _n("%(num)d character too long.", "%(num)d characters too long.", excess)
            raise ValidationError(
                f"{said} " + _("At most %(limit)d characters fit.", limit=self.limit)
            )


def whole_number(typed):
    """The number of at most nine plain digits that was typed; None for anything else."""
    found = PLAIN_NUMBER.fullmatch(typed.strip())
    return int(found[0]) if found else None


class WholeNumber(IntegerField):
    """A number of which NumberRange says which ones will do; data is None for anything else."""

    def process_formdata(self, values):
        self.data = whole_number("".join(values[:1]))


class DayField(DateField):
    """A day."""

    def process_formdata(self, values):
        typed = "".join(values[:1]).strip()
        if not typed:
            raise ValueError(_("Please choose a day."))
        try:
            self.data = date.fromisoformat(typed)
        except ValueError:
            raise ValueError(_("We can't read this day.")) from None


class TwicePassphrase(PasswordField):
    """A new passphrase, typed in two boxes of the same name that must hold the same."""

    def process_formdata(self, values):
        super().process_formdata(values)
        self.is_same = len(set(values)) <= 1

    def pre_validate(self, form):
        if not self.is_same:
            raise StopValidation(_("These are two different passphrases. Type the same one twice."))


class MomentField(DateTimeLocalField):
    """A day and time on the clock of Walcheren; its data is an aware UTC moment, a whole minute."""

    def __init__(self, label, **options):
        super().__init__(label, format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)

    def process_formdata(self, values):
        typed = "".join(values[:1]).strip()
        if not typed:
            raise ValueError(_("Please choose a day and a time."))
        try:
            naive = datetime.fromisoformat(typed).replace(second=0, microsecond=0)
        except ValueError:
            raise ValueError(_("We can't read this day and time.")) from None
        if naive.tzinfo:  # a clock elsewhere: never guess which one was meant
            raise ValueError(_("We can't read this day and time."))
        try:
            self.data = at_local_time(naive)
        except OverflowError:
            raise ValueError(_("We can't read this day and time.")) from None
        except ValueError:
            raise ValueError(
                _("This hour does not exist: the clock goes forward that night.")
            ) from None

    def _value(self):
        if self.raw_data:
            return self.raw_data[0]
        return local(self.data).strftime("%Y-%m-%dT%H:%M") if self.data else ""
