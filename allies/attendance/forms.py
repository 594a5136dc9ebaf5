"""What a coordinator sends about who was there."""

from wtforms import SelectField

from allies.attendance.models import Presence
from allies.attendance.words import PRESENCES
from allies.forms import Form, choices


class AttendanceForm(Form):
    """One field for each ally of a group; `for_grid` makes them."""

    rows: list  # (ally, field)

    @classmethod
    def for_grid(cls, grid, **options):
        """The form for (ally, Presence) pairs, filled in with them."""
        names = {ally.id: f"presence-{ally.id}" for ally, _presence in grid}
        fields = {
            names[ally.id]: SelectField(
                ally.alias, choices=choices(PRESENCES), default=presence, coerce=Presence
            )
            for ally, presence in grid
        }
        form = type(cls.__name__, (cls,), fields)(**options)
        form.rows = [(ally, form[names[ally.id]]) for ally, _presence in grid]
        return form

    @property
    def presences(self):
        """{membership id: Presence} of the fields that were sent: who joined since has none."""
        return {ally.id: field.data for ally, field in self.rows if field.raw_data}
