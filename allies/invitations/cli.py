"""The operator's commands on people. The operator sees aliases and codes, never a name."""

import click
from flask import current_app
from flask_babel import force_locale

from allies.alliances.models import Alliance, Membership, Organisation, Region, Role
from allies.db import open_connection
from allies.errors import DomainError
from allies.invitations import founding, service, way_back

REASON = click.option("--reason", required=True, help="Why; its hash is kept in the audit log.")
CODES_ONCE = "Write the codes down now; they are kept nowhere and can't be shown again."


def init(app):
    for command in (new_region, appoint, invite, revoke, recover):
        app.cli.add_command(command)


@click.command("new-region")
@click.argument("file")
def new_region(file):
    """Create the region of FILE and print a code for each first coordinator, once."""
    ready()
    try:
        plan = founding.read(file)
    except founding.BadFile as error:
        raise click.ClickException(f"{file}: {error}") from None
    pairs = carry_out(founding.found, plan)
    click.echo(f"The region {plan.name} is there. {CODES_ONCE}")
    for invitation, code in pairs:
        print_code(invitation, code)


@click.command()
@click.argument("alliance")
@click.argument("role", type=click.Choice(["coordinator", "partner"]))
@click.argument("organisation", type=click.Choice([o.value for o in Organisation]), required=False)
@REASON
def appoint(alliance, role, organisation, reason):
    """Invite a coordinator (with ORGANISATION) or a partner to ALLIANCE."""
    if (role == Role.COORDINATOR) != bool(organisation):
        needs = "police or municipality" if role == Role.COORDINATOR else "no organisation"
        raise click.ClickException(f"A {role} is appointed with {needs}.")
    organisation = Organisation(organisation) if organisation else None
    hand_out(alliance, Role(role), organisation, reason)


@click.command()
@click.argument("alliance")
@REASON
def invite(alliance, reason):
    """Invite an ally to ALLIANCE."""
    hand_out(alliance, Role.ALLY, None, reason)


@click.command()
@click.argument("alliance")
@click.argument("alias")
@REASON
def revoke(alliance, alias, reason):
    """Shut out whoever is ALIAS in ALLIANCE, at once and on every device."""
    check(reason)
    membership = called(alias, alliance := named(alliance))
    carry_out(service.revoke, membership, reason=reason)
    click.echo(f"{membership.alias} is signed out everywhere and shut out of {alliance.name}.")
    warn_of_an_end(membership)


@click.command()
@click.argument("alliance")
@click.argument("alias")
@REASON
def recover(alliance, alias, reason):
    """Print a code with which ALIAS in ALLIANCE, locked out, gets a new account for this place.

    Make sure who asks. The member is told, and sees the reason.
    """
    check(reason)
    membership = called(alias, named(alliance))
    invitation, code = carry_out(way_back.offer, membership, by="operator", note=reason)
    click.echo(CODES_ONCE)
    print_code(invitation, code)


def hand_out(alliance, role, organisation, reason):
    check(reason)
    facts = {"role": role, "organisation": organisation, "reason": reason}
    invitation, code = carry_out(service.invite, named(alliance), by="operator", **facts)
    click.echo(CODES_ONCE)
    print_code(invitation, code)


def print_code(invitation, code):
    alliance, last = invitation.alliance.name, invitation.ends_at
    what = " ".join(filter(None, (invitation.role, invitation.organisation)))
    address = current_app.config["ALLIES"].base_url
    click.echo(f"{code}  {alliance}, {what}: until {last:%Y-%m-%d %H:%M} UTC at {address}/join")


def ready():
    open_connection()
    if not Membership.table_exists():
        raise click.ClickException("The database is empty: run flask upgrade first.")


def check(reason):
    ready()
    if not reason.strip():
        raise click.ClickException("Give a reason with --reason.")


def named(name):
    """The alliance of this name, capitals or not."""
    alliances = {a.name.casefold(): a for a in Alliance.select(Alliance, Region).join(Region)}
    if name.casefold() not in alliances:
        known = ", ".join(sorted(a.name for a in alliances.values())) or "none yet"
        raise click.ClickException(f"There is no alliance {name}. Known: {known}.")
    return alliances[name.casefold()]


def called(alias, alliance):
    """Whoever has this alias in this alliance, capitals or not."""
    members = {m.alias.casefold(): m for m in alliance.memberships}
    if alias.casefold() not in members:
        raise click.ClickException(f"Nobody in {alliance.name} is called {alias}.")
    return members[alias.casefold()]


def warn_of_an_end(membership):
    """Say so when this was the last coordinator."""
    alliance = membership.alliance
    if membership.role == Role.COORDINATOR and not alliance.coordinators.exists():
        click.echo(f"Nobody coordinates {alliance.name} any more: run flask appoint.")


def carry_out(act, *args, **kwargs):
    """Run a service; what it refuses is one line, in English like every command."""
    with force_locale("en"):
        try:
            return act(*args, **kwargs)
        except DomainError as error:
            raise click.ClickException(str(error)) from None
