"""What a coordinator sends about who was there."""

from wtforms import HiddenField, SelectField

from allies.attendance.models import Presence
from allies.attendance.words import PRESENCES
from allies.forms import Form, choices
from allies.i18n import _


class AttendanceForm(Form):
    """Two fields for each ally of a group: their presence, and what the page said it was before
    anything was changed on it. `for_grid` makes them."""

    rows: list  # (ally, field, field of what the page said)

    @classmethod
    def for_grid(cls, grid, **options):
        """The form for (ally, Presence) pairs, filled in with them."""
        fields = {}
        for ally, presence in grid:
            fields[f"presence-{ally.id}"] = SelectField(
                ally.alias, choices=choices(PRESENCES), default=presence, coerce=Presence
            )
            fields[f"saw-{ally.id}"] = HiddenField(default=presence)
        form = type(cls.__name__, (cls,), fields)(**options)
        form.rows = [(a, form[f"presence-{a.id}"], form[f"saw-{a.id}"]) for a, _presence in grid]
        return form

    def show_again(self, grid, disputed):
        """Show what somebody else noted meanwhile, beside each of the `disputed` allies that
        the sender changed too; what the sender did not change becomes what is noted now."""
        noted = {ally.id: presence for ally, presence in grid}
        for ally, field, saw in self.rows:
            presence = noted.get(ally.id, field.data)
            if ally.id in disputed:
                said = _("Somebody else noted: %(presence)s.", presence=PRESENCES[presence])
                field.errors = [said]
            elif field.data == saw.data:
                field.data = presence
            saw.data = presence

    @property
    def presences(self):
        """{membership id: Presence} of the fields that were sent: who joined since has none."""
        return {ally.id: field.data for ally, field, _saw in self.rows if field.raw_data}

    @property
    def saw(self):
        """{membership id: what the page said}, for each field that tells."""
        return {ally.id: saw.data for ally, _field, saw in self.rows if saw.raw_data}
