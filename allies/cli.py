"""The operator's commands: `flask upgrade`, `flask demo`, `flask verify-audit` and so on."""

import click
from flask import current_app

from allies import audit, jobs, migrate
from allies.alliances.models import Region
from allies.db import atomic, open_connection
from allies.demo import loader
from allies.errors import ConfigError
from allies.invitations import cli as invitations


def init(app):
    app.cli.add_command(upgrade)
    app.cli.add_command(draft_migration)
    app.cli.add_command(demo)
    app.cli.add_command(verify_audit)
    app.cli.add_command(worker)
    invitations.init(app)


def stop(message):
    """End a command with one line and exit code 1."""
    click.echo(message, err=True)
    raise SystemExit(1)


@click.command()
def upgrade():
    """Bring the database to the schema of this code."""
    open_connection()
    settings = current_app.config["ALLIES"]
    names = migrate.upgrade(settings)
    click.echo(f"Applied: {', '.join(names)}" if names else "The database is up to date.")
    if not settings.demo and not Region.select().exists():
        text = "There is no region yet: run flask new-region docs/region.example.toml"
        click.echo(text, err=True)  # a start swallows the rest


@click.command("draft-migration")
@click.argument("name")
def draft_migration(name):
    """Draft the next migration from the models. Read it before you keep it."""
    open_connection()
    click.echo(migrate.draft(name))


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a region already.")
def demo(if_empty):
    """Load the demo region into an empty database; only on localhost."""
    open_connection()
    if not current_app.config["ALLIES"].is_local:
        stop("The demo region has known passphrases; it can be loaded on localhost only.")
    with atomic():  # whoever starts at the same moment waits here, and then finds it done
        is_empty = not Region.select().exists()
        if is_empty:
            loader.load()
    if is_empty:
        click.echo("The demo region is loaded.")
    elif not if_empty:
        stop("There is a region already; the demo goes into an empty database.")


@click.command("verify-audit")
def verify_audit():
    """Check the chain of the audit log."""
    open_connection()
    if broken := audit.first_broken_line():
        stop(f"The audit log does not fit from line {broken} on.")
    click.echo("The audit log is whole.")


@click.command()
def worker():
    """Send messages and keep the clock, until stopped."""
    open_connection()
    try:
        jobs.run(current_app.config["ALLIES"])
    except ConfigError as error:
        click.echo(error, err=True)
        raise SystemExit(2) from None
