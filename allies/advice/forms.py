"""What people send about advice rounds."""

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional, ValidationError

from allies.advice.service import check_terms
from allies.advice.words import MOODS
from allies.errors import Refused
from allies.forms import Form, MomentField, choices, text
from allies.i18n import _, _l
from allies.wording import names_nobody

MOST_OPTIONS, OPTION_LENGTH = 5, 120
HOURS = {"2": _l("2 hours"), "4": _l("4 hours"), "24": _l("24 hours")}
ATTRIBUTIONS = {"alias": _l("By alias")}
CHOOSE = _l("Please choose one.")


class RoundForm(Form):
    question = text(_l("Your question"), lines=3)
    options = text(_l("Answers to choose from"), lines=5, required=False)
    known = text(_l("What we know"), lines=4)
    unknown = text(_l("What we don't know"), lines=4)
    shareable = text(_l("What they may tell others"), lines=4)
    hours = RadioField(_l("How long can people answer?"), [Optional()], choices=choices(HOURS))
    until = MomentField(_l("Or until this moment"), validators=[Optional()])
    attribution = SelectField(
        _l("Who sees who wrote what"), choices=choices(ATTRIBUTIONS), default="alias"
    )
    acute = BooleanField(_l("This can't wait: open it at once, with my yes only"))
    reason = text(_l("Why can't it wait?"), limit=300, required=False)

    validate_question = validate_known = validate_unknown = names_nobody
    validate_shareable = validate_reason = names_nobody

    def validate(self, extra_validators=None):
        """Check the terms too, so that all there is to mend is said at once."""
        fits = super().validate(extra_validators)
        if self.hours.errors or self.until.errors:
            return False
        terms = {name: self.facts[name] for name in ("hours", "until", "is_acute", "reason")}
        try:
            check_terms(**terms)
        except Refused as refusal:
            self.refuse(refusal)
            return False
        return fits

    def validate_options(self, field):
        if len(self.option_texts) > MOST_OPTIONS:
            raise ValidationError(_("At most %(most)d answers, please.", most=MOST_OPTIONS))
        if any(len(line) > OPTION_LENGTH for line in self.option_texts):
            raise ValidationError(
                _("Make each answer at most %(most)d characters.", most=OPTION_LENGTH)
            )
        if len({line.casefold() for line in self.option_texts}) < len(self.option_texts):
            raise ValidationError(_("Two answers are the same. Change one, or take it out."))
        names_nobody(self, field)

    @property
    def option_texts(self):
        """The lines of `options` that say something."""
        lines = (" ".join(line.split()) for line in (self.options.data or "").splitlines())
        return list(filter(None, lines))

    @property
    def facts(self):
        """What `service.ask` wants to know."""
        hours = self.hours.data
        return {
            "question": self.question.data,
            "known": self.known.data,
            "unknown": self.unknown.data,
            "shareable": self.shareable.data,
            "options": self.option_texts,
            "hours": int(hours) if hours else None,
            "until": self.until.data,
            "is_acute": self.acute.data,
            "reason": self.reason.data,
        }


class AnswerForm(Form):
    """Advice in a round; `of` fills in its options or, where there are none, asks for words."""

    option = RadioField(_l("What do you advise?"), [InputRequired(CHOOSE)])
    mood = RadioField(_l("How is it around you?"), [InputRequired(CHOOSE)], choices=choices(MOODS))
    text = text(_l("Your advice in your own words"), lines=3, required=False)

    validate_text = names_nobody

    @classmethod
    def of(cls, round, **sources):
        """The form for a round; an option is its place in the list, its own words will do too."""
        form = cls(**sources)
        if not round.options:
            del form.option
            form.text.validators = [DataRequired(_l("Please fill this in.")), *form.text.validators]
            return form
        places = {str(place): words for place, words in enumerate(round.options)}
        form.option.choices = choices(places)
        if form.option.data not in places and form.option.data in round.options:
            form.option.data = str(round.options.index(form.option.data))
        return form

    @property
    def facts(self):
        """What `service.answer` wants to know."""
        option = int(self.option.data) if self.option else None
        return {"option": option, "mood": self.mood.data, "text": self.text.data}
