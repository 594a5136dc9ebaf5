"""What people send about minutes."""

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from allies.actions.forms import ActionForm
from allies.forms import Form, choices, text
from allies.i18n import _, _l
from allies.minutes.models import ContestState
from allies.minutes.sentences import sentences_of
from allies.minutes.words import ANSWERS
from allies.wording import AtTable, gives_nothing_away


class Seen(AtTable, Form):
    """A form about a text as it was read: `seen` is its revision, from the page."""

    seen = HiddenField()

    def read_again(self, part):
        """Note that the sender is shown the text as it is now."""
        self.seen.data = str(part.revision)
        return self


class PartForm(Seen):
    heard = text(_l("What was heard"), required=False, lines=7)
    advice = text(_l("What was advised"), required=False, lines=5)

    validate_heard = validate_advice = gives_nothing_away


class WritingForm(PartForm, ActionForm):
    """The text of a part, and what was agreed about it where something is filled in there.

    Whatever button is pressed, all that was typed is saved or shown again.
    """

    OF_ACTION = ("text", "owner", "due_on")

    next = StringField()  # these two are buttons: the part to go on to
    agree = StringField()

    def validate(self, extra_validators=None):
        super().validate(extra_validators)
        if not self.agrees:
            for name in self.OF_ACTION:
                self[name].errors = []
        return not self.errors

    @property
    def agrees(self):
        return bool(self.agree.data or self.text.data)

    @property
    def of_text(self):
        return {name: self[name].data for name in ("seen", "heard", "advice")}

    @property
    def of_action(self):
        return {name: self[name].data for name in self.OF_ACTION}


class NewPartForm(AtTable, Form):
    title = text(_l("What was it about?"), limit=120)

    validate_title = gives_nothing_away


class ContestForm(Seen):
    sentence = RadioField(
        _l("Which sentence is not right?"), [InputRequired(_l("Please choose one."))]
    )
    remark = text(_l("What should it say?"), lines=3)

    validate_remark = gives_nothing_away

    def offer(self, part):
        """Let one of the sentences of this part be chosen."""
        self.sentence.choices = choices(sentences_of(part))
        return self

    def choose_again(self, part):
        """Forget the choice: the number of a sentence may mean another one now."""
        self.sentence.data = None
        return self.offer(part).read_again(part)


class ReplyForm(PartForm):
    state = RadioField(
        _l("Your answer"), [InputRequired(_l("Please choose one."))], choices=choices(ANSWERS)
    )
    reply = text(_l("Why?"), required=False, lines=3)

    validate_reply = gives_nothing_away

    def validate(self, extra_validators=None):
        """What stays needs a reason; for what is kept, the text in the other boxes is not used."""
        is_whole = super().validate(extra_validators)
        if not self.changes and self.state.data and not self.reply.data:
            self.reply.errors = [_("Please tell why.")]
            return False
        return is_whole

    @property
    def changes(self):
        return self.state.data == ContestState.CHANGED
