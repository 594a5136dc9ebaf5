"""Fields in which nobody may be named: what the text check finds is told beside the field."""

from wtforms.validators import ValidationError

from allies.i18n import _
from allies.textcheck import ADVICE, LABEL, check


def names_nobody(form, field):
    """A check of a form field: refuse words that can point at a person, and say how to do without.

    What was found is on `field.found`, for `findings.html`. Text that is refused for another
    reason already, its length for one, is not looked into.
    """
    if not field.data or field.errors:
        return
    field.found = told(check(field.data))
    if field.found:
        raise ValidationError(_("Please leave out the marked words."))


def told(findings):
    """Every found word once: (word, what it may be, how to do without it)."""
    distinct = {f.word: f for f in findings}.values()
    return [(f.word, _(LABEL[f.kind]), _(ADVICE[f.kind])) for f in distinct]
