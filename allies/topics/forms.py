"""What people send about topics."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField

from allies.forms import Form, choices, text
from allies.i18n import _, _l
from allies.textcheck import DIRECT, check
from allies.topics.models import TEXTS, Attribution, Theme
from allies.topics.words import GROUNDS, QUESTIONS, THEMES
from allies.wording import names_nobody

ATTRIBUTIONS = {
    Attribution.ALIAS: _l("With my alias"),
    Attribution.NONE: _l("Without my alias: nobody sees who wrote it, not even the coordinators"),
}


class TopicForm(Form):
    """A topic. Words that point at a person stop it, unless it is sent flagged."""

    title = text(_l("What is it about, in a few words?"), limit=120)
    what = text(_l("What do you see changing?"), lines=5)
    where = text(_l("Among which group, or in which area?"), lines=2, required=False)
    since = text(_l("Since when?"), lines=2, required=False)
    effect = text(_l("What could it lead to, and what would help?"), lines=3, required=False)
    theme = SelectField(_l("Theme"), choices=choices(THEMES), default=Theme.OTHER)
    attribution = RadioField(
        _l("May the others see that it is yours?"),
        choices=choices(ATTRIBUTIONS),
        default=Attribution.ALIAS,
    )
    flagged = BooleanField()

    validate_title = validate_what = validate_where = names_nobody
    validate_since = validate_effect = names_nobody

    is_flagged = False  # is it sent with words that point at a person?
    may_be_flagged = False  # is nothing wrong but such words?

    def validate(self, extra_validators=None):
        """Nothing is kept of what is stopped here."""
        if super().validate(extra_validators):
            return True
        doubtful = self.doubtful
        if any(field.errors for field in self if field not in doubtful):
            return False
        self.is_flagged = self.flagged.data
        self.may_be_flagged = not self.is_flagged
        if self.is_flagged:
            for field in doubtful:
                field.errors, field.found = [], []
        return self.is_flagged

    @property
    def doubtful(self):
        """The fields with words that point at a person."""
        return [self[name] for name in TEXTS if getattr(self[name], "found", None)]

    @property
    def comes_back(self):
        """Does it hold what no coordinator can publish, whatever the writer meant by it?"""
        return any(f.kind in DIRECT for field in self.doubtful for f in check(field.data))

    @property
    def topic(self):
        """What to keep."""
        kept = {k: v for k, v in self.facts.items() if k != "flagged"}
        return kept | {"is_flagged": self.is_flagged}


class Judgement(Form):
    """A decision on a topic as the coordinator read it."""

    revision = HiddenField()

    @property
    def seen(self):
        """The revision that was read, as text; None when the form does not say."""
        return self.revision.data or None

    def beside(self, topic):
        """With ids of its own, for a page with many of these."""
        for field in self:
            field.id = f"{field.name}-{topic.id}"
        return self


class ReturnForm(Judgement):
    preset = SelectField(
        _l("A common question"),
        choices=choices({"": _l("None, I write my own")} | QUESTIONS),
        default="",
    )
    question = text(_l("Your question"), lines=3, required=False)

    # The author and the audit log see it.
    validate_question = names_nobody

    def validate(self, extra_validators=None):
        is_whole = super().validate(extra_validators)
        if is_whole and not self.asked:
            self.question.errors = [_("Choose a question or write one.")]
        return is_whole and bool(self.asked)

    @property
    def asked(self):
        """The question to the author: the common one, the own one, or both."""
        common = str(QUESTIONS.get(self.preset.data, ""))
        return "\n".join(part for part in (common, self.question.data) if part)


class DeclineForm(Judgement):
    ground = RadioField(_l("Why?"), choices=choices(GROUNDS))


class ScheduleForm(Form):
    """On which agenda; `offer` fills in the coming meetings."""

    meeting = SelectField(_l("Meeting"))

    def offer(self, labels):
        """`labels` is {id: label}; with an empty id it is taken off."""
        self.meeting.choices = choices({"": _l("Not on an agenda")} | labels)
        return self
