"""Rows on a coordinator's desk say of which group they are."""

import pytest

from allies.rights.models import Objection


@pytest.mark.parametrize(("persona", "names_it"), [("piet", True), ("daan", False)])
def test_an_objection_names_its_group_for_who_has_several(
    client_of, cast, member, persona, names_it
):
    """Piet and Daan both coordinate there; only Piet is also somewhere else."""
    ours = member(persona)
    if persona == "piet":
        ours = member("piet", "Middelburg")
    of = member("mina") if persona == "piet" else member("anna")
    Objection.create(alliance=ours.alliance_id, membership=of, text="Liever niet.")

    page = client_of(getattr(cast, persona)).get("/").text
    row = page.split("/objections/")[1].split("</a>")[0]
    assert (ours.alliance.name in row) == names_it
