"""What people send about their rights."""

from allies.forms import Form, text
from allies.i18n import _l

REASON_LENGTH = 300


class ObjectionForm(Form):
    text = text(_l("What do you object to?"), lines=5)


class AnswerForm(Form):
    answer = text(_l("Your answer"), lines=5)


class EndForm(Form):
    reason = text(_l("Why does this end?"), limit=REASON_LENGTH, lines=3)
