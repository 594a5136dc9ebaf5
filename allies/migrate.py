"""Bringing the database to the schema of this code; numbered files in migrations/."""

import fcntl
import re
from contextlib import contextmanager

from playhouse.migrations import Runner, template
from playhouse.schema_diff import diff_models

from allies.config import ROOT
from allies.db import BaseModel, database

FOLDER = ROOT / "migrations"


def all_models():
    """Every table of the application."""
    found, queue = [], list(BaseModel.__subclasses__())
    while queue:
        model = queue.pop()
        found.append(model)
        queue.extend(model.__subclasses__())
    return sorted(found, key=lambda m: m.__name__)


def upgrade(settings):
    """Apply what is missing, a file a transaction; returns the names. Two at once is safe."""
    with locked(settings.instance / "upgrade.lock"):
        return Runner(database, str(FOLDER)).up()


def draft(name):
    """Write the next migration from what database and models differ in; returns its path.

    Defaults that our code fills in (random names, moments) are no part of the
    schema, and a frozen model needs no field class of ours: both are left out.
    """
    body = template(diff_models(database, all_models())).replace("UtcField", "DateTimeField")
    # without this a frozen model names its indexes in another way than ours
    body = re.sub(r"( +)(table_name = .*)", r"\1\2\n\1legacy_table_names = False", body)
    lines = [line for line in body.splitlines() if "default <function" not in line]
    kept = [line for line in lines if not line.startswith("from allies.")]
    return Runner(database, str(FOLDER)).create(name, "\n".join(kept) + "\n")


@contextmanager
def locked(path):
    """Hold a file lock, waiting for whoever has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
