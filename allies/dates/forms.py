"""What people send to find a date."""

from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from allies.dates.models import Fit
from allies.dates.service import MOST_DATES
from allies.forms import Form, MomentField, WholeNumber, choices
from allies.i18n import _, _l, day, local, moment

FITS = {Fit.YES: _l("Yes"), Fit.IF_NEED_BE: _l("If need be"), Fit.NO: _l("No")}
OPEN = {"": _l("Don't know yet")}
IS_EXTRA = _l("This is an extra meeting, beside the five of the year")


class RowOfDate(MomentField):
    """One of the proposed dates; an empty row is none."""

    def process_formdata(self, values):
        self.data = None
        if "".join(values[:1]).strip():
            super().process_formdata(values)


class DateRows(Form):
    """Rows to propose dates in: date_1, date_2 and so on."""

    @property
    def rows(self):
        return [self[f"date_{number}"] for number in range(1, MOST_DATES + 1)]

    @property
    def moments(self):
        """What stands in each row, None for an empty one."""
        return [row.data for row in self.rows]


for number in range(1, MOST_DATES + 1):
    setattr(DateRows, f"date_{number}", RowOfDate(_l("Date %(number)d", number=number)))


class AskForm(DateRows):
    duration = WholeNumber(
        _l("How long, in minutes"),
        [
            InputRequired(_l("Please fill this in.")),
            NumberRange(30, 480, _l("Between 30 and 480 minutes.")),
        ],
        default=120,
    )
    is_extra = BooleanField(IS_EXTRA)
    draft = HiddenField()  # the one of the planner it is about
    warned = HiddenField()  # the hints that were on the page this came from

    def tells(self, hints):
        """Is there a hint the page this came from did not show? Afterwards the page shows all."""
        seen = set((self.warned.data or "").split())
        shown = {local(moment).strftime("%Y-%m-%dT%H:%M") for moment in hints}
        self.warned.data = " ".join(sorted(shown))
        return not shown <= seen


class PickForm(Form):
    date = RadioField(_l("Which date?"), validate_choice=False)
    is_extra = BooleanField(IS_EXTRA)

    def offer(self, standings):
        self.date.choices = choices({s.proposed.id: moment(s.starts_at) for s in standings})
        return self

    def validate_date(self, field):
        if field.data not in [choice.value for choice in self.date.choices]:
            raise ValidationError(_("Choose one of these. A day that has passed is gone."))

    def refuse(self, refusal):
        """Of the rules of planning one can be mended here; any other one is about the date."""
        if refusal.field != "is_extra":
            refusal.field = "date"
        super().refuse(refusal)


def answer_form(standings, membership=None):
    """A form with a question for every date that can be answered. None of them is required.

    Its fields are called fit_ and the id of the date. For a membership it is a fresh one with
    what this member said before, else it is what was sent.
    """
    fields = {
        f"fit_{s.proposed.id}": RadioField(
            day(s.starts_at),
            validators=[Optional()],
            choices=choices(FITS | OPEN),
            default=s.answers.get(membership.id, "") if membership else "",
        )
        for s in standings
    }
    kind = type("AnswerForm", (Answers,), fields)
    return kind(formdata=None) if membership else kind()


class Answers(Form):
    """See `answer_form`."""

    def field_of(self, standing):
        return self[f"fit_{standing.proposed.id}"]

    @property
    def fits(self):
        """{id of a date: what was said of it, None for not known yet}, of those that were sent."""
        sent = [field for field in self if field.name.startswith("fit_") and field.raw_data]
        return {f.name.removeprefix("fit_"): Fit(f.data) if f.data else None for f in sent}
