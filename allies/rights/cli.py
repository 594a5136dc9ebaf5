"""The operator's commands on what is kept: dropping what is over term, erasing somebody."""

import click

from allies.db import open_connection
from allies.invitations.cli import REASON, called, carry_out, check, named, warn_of_an_end
from allies.keeping import prune as prune_all
from allies.rights.leaving import erase_member
from allies.rights.wiping import wipe


def init(app):
    app.cli.add_command(prune)
    app.cli.add_command(erase)


@click.command()
def prune():
    """Drop everything that is over its term, as the worker does every night."""
    open_connection()
    if failed := prune_all():
        raise click.ClickException(f"This did not work for: {', '.join(failed)}.")
    click.echo("What is over its term is gone.")
    tell_about_bytes()


@click.command()
@click.argument("alliance")
@click.argument("alias")
@REASON
def erase(alliance, alias, reason):
    """Erase whoever is ALIAS in ALLIANCE; with their last group the whole account."""
    check(reason)
    membership = called(alias, alliance := named(alliance))
    carry_out(erase_member, membership, reason=reason)
    click.echo(f"{membership.alias} of {alliance.name} is erased.")
    warn_of_an_end(membership)
    tell_about_bytes()


def tell_about_bytes():
    if not wipe():
        click.echo("The database is in use; the worker takes the last bytes away within minutes.")
