"""The operator's commands: `flask upgrade`, `flask demo`, `flask verify-audit` and so on."""

from contextlib import contextmanager

import click
from flask import current_app

from allies import audit, jobs, keys, migrate, rotation
from allies.alliances.models import Region
from allies.audit_mail import heads_in
from allies.db import atomic, open_connection
from allies.demo import loader
from allies.errors import ConfigError
from allies.invitations import cli as invitations
from allies.rights import cli as rights
from allies.rights import erasures
from allies.rights.leaving import erase_again
from allies.sealing import Sealed

PROGRESS = 100  # values between two signs of progress


def init(app):
    app.cli.add_command(upgrade)
    app.cli.add_command(draft_migration)
    app.cli.add_command(demo)
    app.cli.add_command(verify_audit)
    app.cli.add_command(rotate_keys)
    app.cli.add_command(worker)
    invitations.init(app)
    rights.init(app)


def stop(message):
    """End a command with one line and exit code 1."""
    click.echo(message, err=True)
    raise SystemExit(1)


@contextmanager
def refusals():
    """What is refused because of a setting is one line and exit code 2."""
    try:
        yield
    except ConfigError as error:
        click.echo(error, err=True)
        raise SystemExit(2) from None


def ready():
    """The settings, with a database of this code."""
    open_connection()
    if not audit.AuditAnchor.table_exists():
        stop("The database is not up to date; run: flask upgrade")
    return current_app.config["ALLIES"]


@click.command()
def upgrade():
    """Bring the database to the schema of this code."""
    open_connection()
    settings = current_app.config["ALLIES"]
    names = migrate.upgrade(settings)
    with refusals():
        keys.ensure(Sealed.keyring)
    click.echo(f"Applied: {', '.join(names)}" if names else "The database is up to date.")
    try:
        number = erase_again(erasures.file())
    except ConfigError as error:
        stop(error)
    if number:  # this was a backup, and some have left since
        click.echo(f"Erased again who had left: {number}.")
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
@click.option("--head", default="", help="NUMBER:HEX from a daily mail.")
@click.option("--head-file", type=click.File(errors="replace"), help="The text of such mails.")
def verify_audit(head, head_file):
    """Check the audit log; with a head that was kept elsewhere also whether its end is there."""
    settings = ready()
    heads = heads_in(f"{head}\n{head_file.read() if head_file else ''}")
    if (head or head_file) and not heads:
        stop("There is no head in what you gave; one looks like 123:0a1b…, with 64 characters.")
    if broken := audit.first_broken_line(heads):
        stop(f"The audit log does not fit from line {broken} on.")
    if broken := audit.first_broken_note():
        stop(f"The note of line {broken} is not what was written then.")
    anchor = audit.newest_anchor()
    if anchor and heads and max(heads)[0] < anchor.id:
        stop(f"The head is too old: the lines up to {anchor.id} were dropped after half a year.")
    click.echo(f"The audit log is whole, up to line {audit.head()[0]}.")
    if not heads:
        click.echo("Only with --head or --head-file can it be seen whether its end was cut off.")
    if not settings.audit_mail:
        click.echo("ALLIES_AUDIT_MAIL is empty: the head is kept nowhere else.")


@click.command("rotate-keys")
def rotate_keys():
    """Replace the data key. May be stopped at any point and run again, also while in use."""
    settings = ready()
    with migrate.locked(settings.instance / "rotate.lock"), refusals():
        done, lost = reseal()
        if not done:
            rotation.new_key(settings)
            click.echo("There is a new key in front of ALLIES_DATA_KEYS. Keep a copy of it.")
            done, lost = reseal()
    if lost:
        stop(f"{lost} values do not open with any key; put them back from a backup.")
    click.echo(f"{done} values were sealed anew; all are under the newest key.")
    rights.tell_about_bytes()  # what the old key opens is still in the log of SQLite


def reseal():
    """Seal anew what is not under the newest key: how many values, and how many do not open."""
    total, done, lost = rotation.left(), 0, 0
    for is_open in rotation.reseal():
        done, lost = done + is_open, lost + (not is_open)
        if (done + lost) % PROGRESS == 0:
            click.echo(f"{done + lost} of {total}")
    return done, lost


@click.command()
def worker():
    """Send messages and keep the clock, until stopped."""
    open_connection()
    with refusals():
        jobs.run(current_app.config["ALLIES"])
