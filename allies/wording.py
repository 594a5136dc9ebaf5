"""Fields in which nobody may be named: what the text check finds is told to the writer."""

from typing import NamedTuple

from wtforms.validators import ValidationError

from allies.i18n import _
from allies.textcheck import ADVICE, LABEL, Kind, check


class Found(NamedTuple):
    """The words of one kind in a text, each once."""

    kind: Kind
    words: list[str]

    @property
    def label(self):
        return _(LABEL[self.kind])

    @property
    def advice(self):
        return _(ADVICE[self.kind])


def names_nobody(form, field):
    """A check of a form field: refuse words that can point at a person.

    What was found is on `field.found`, where `ui.errors` says how to do without.
    """
    kinds = {f.word: f.kind for f in check(field.data or "")}
    field.found = [
        Found(kind, [word for word in kinds if kinds[word] == kind])
        for kind in dict.fromkeys(kinds.values())
    ]
    if field.found:
        words = ", ".join(f"“{word}”" for word in kinds)
        raise ValidationError(_("Leave out: %(words)s.", words=words))
