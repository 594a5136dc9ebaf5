"""What coordinators send about an agenda."""

from wtforms import Field, HiddenField, StringField
from wtforms.validators import InputRequired, NumberRange, ValidationError

from allies.forms import Form, WholeNumber, clean, text, whole_number
from allies.i18n import _l
from allies.wording import AtTable, gives_nothing_away

LEAST, MOST = 1, 240  # minutes of one item
HOW_LONG = _l("From 1 to 240 minutes.")
LONGEST_REASON = 300


class Several(Field):
    """A field that comes once for every item, in the order of the page."""

    def process_formdata(self, values):
        self.data = values

    def process_data(self, value):
        self.data = []


class AgendaForm(AtTable, Form):
    """A change of an agenda as it was seen."""

    agenda_version = HiddenField()

    @property
    def seen(self):
        """The version that was read; one that never was when the form does not say."""
        typed = self.agenda_version.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < 10 else -1

    def of(self, meeting):
        """This form as it is sent next: about the agenda as it is now."""
        self.agenda_version.data = meeting.agenda_version
        return self


class ListForm(AgendaForm):
    """The whole list: its order and minutes, and at most one button that was pressed."""

    item = Several()
    minutes = Several(_l("How many minutes"))
    up = StringField()  # these five: which item or topic
    down = StringField()
    gone = StringField()
    topic = StringField()
    waiting = StringField()
    off = StringField()  # was the button pressed that takes `gone` off?
    save = StringField()  # was the button pressed that only notes it all?

    @property
    def typed(self):
        """{item id: what stood in its minutes}."""
        return dict(zip(self.item.data, self.minutes.data, strict=False))

    @property
    def wrong(self):
        """The ids of items with minutes that are none."""
        return [item for item, minutes in self.lengths.items() if minutes is None]

    @property
    def lengths(self):
        """{item id: its minutes, or None for what is wrong}."""
        return {item: minutes_in(typed) for item, typed in self.typed.items()}

    def validate_minutes(self, field):
        if self.wrong:
            field.id = f"minutes-{self.wrong[0]}"
            raise ValidationError(HOW_LONG)


class OwnItemForm(AgendaForm):
    title = text(_l("What is it about?"), limit=120)
    minutes = WholeNumber(
        _l("How long, in minutes"),
        [InputRequired(_l("Please fill this in.")), NumberRange(LEAST, MOST, HOW_LONG)],
        default=15,
    )
    validate_title = gives_nothing_away


class BringsForm(AgendaForm):
    brings = text(_l("What do you bring?"), lines=5, required=False)
    validate_brings = gives_nothing_away


class SettleForm(AtTable, Form):
    """What came of one item: discussed, or carried over with a reason where it needs one."""

    discussed = StringField()
    carry = StringField()
    about = Several()
    reasons = Several()
    reason = text(_l("Why again?"), limit=LONGEST_REASON, required=False)
    validate_reason = gives_nothing_away

    @property
    def typed(self):
        """{item id: the reason that was written beside it}."""
        return dict(zip(self.about.data, self.reasons.data, strict=False))

    def validate(self, extra_validators=None):
        """The reason is the one beside the item that is carried over."""
        self.reason.id = f"reason-{self.carry.data}"
        typed = clean(self.typed.get(self.carry.data))
        self.reason.data, self.reason.raw_data = typed, [typed]
        return super().validate(extra_validators)


def minutes_in(typed):
    """The number of minutes that was typed; None unless it is 1 to 240, in plain digits."""
    minutes = whole_number(typed)
    return minutes if LEAST <= (minutes or 0) <= MOST else None
