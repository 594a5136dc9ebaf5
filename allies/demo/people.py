"""Who looked at a name or a contact in the demo region."""

from datetime import timedelta

from allies.i18n import local
from allies.people.models import Reveal


def load(content, loaded):
    """Past looks, so that the page about them has something to show."""
    for facts in content["reveal"]:
        member = loaded.member(facts["person"], facts["alliance"])
        by = loaded.member(facts["by"], facts["alliance"])
        Reveal.create(
            alliance=member.alliance,
            membership=member,
            field=facts["field"],
            reason=facts["reason"],
            note=facts.get("note", ""),
            by=by,
            organisation=by.organisation,
            on=local(loaded.moment).date() + timedelta(days=facts["days"]),
        )
