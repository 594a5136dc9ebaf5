"""Fields in which nobody may be named: what the text check finds is told beside the field."""

from wtforms.validators import ValidationError

from allies.i18n import _
from allies.textcheck import ADVICE, LABEL, check


def names_nobody(form, field):
    """A check of a form field: refuse words that can point at a person, and say how to do without.

    Text that is refused for another reason already, its length for one, is not looked into.
    """
    if not field.data or field.errors:
        return
    findings = check(field.data)
    if findings:
        words = dict.fromkeys(f"“{f.word}” ({_(LABEL[f.kind])})" for f in findings)
        hints = dict.fromkeys(_(ADVICE[f.kind]) for f in findings)
        said = _("This may point at a person: %(words)s.", words=", ".join(words))
        raise ValidationError(" ".join([said, *hints]))
