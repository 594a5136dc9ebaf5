"""Founding the region from a TOML file: its alliances, and a code for each first coordinator."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from allies.alliances.models import Alliance, Organisation, Region, Role
from allies.audit import record
from allies.db import atomic
from allies.errors import DomainError
from allies.invitations.service import invite

LONGEST_NAME = 80
ORGANISATIONS = ", ".join(Organisation)


class BadFile(Exception):
    """The region file will not do; the text is one line that names what is wrong."""


@dataclass(frozen=True)
class Plan:
    """What a region file asks for: the region's name, and organisations by alliance."""

    name: str
    alliances: dict[str, list[Organisation]]


def read(path):
    """The plan in this file. Raises BadFile; nothing is stored."""
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise BadFile(f"the file can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadFile("the file is not plain UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"this is not valid TOML: {' '.join(str(error).split())}.") from None
    check_keys(content, {"name", "alliance"}, "the file")
    tables = content.get("alliance")
    if not isinstance(tables, list) or not tables:
        raise BadFile("there is no alliance; add one with [[alliance]].")
    return Plan(name_in(content, "the region"), alliances_in(tables))


def alliances_in(tables):
    alliances: dict[str, list[Organisation]] = {}
    for number, table in enumerate(tables, start=1):
        what = f"alliance {number}"
        if not isinstance(table, dict):
            raise BadFile(f"{what} is not a table; write [[alliance]].")
        check_keys(table, {"name", "coordinators"}, what)
        name = name_in(table, what)
        if name.casefold() in {known.casefold() for known in alliances}:
            raise BadFile(f"there are two alliances called {name!r}.")
        alliances[name] = coordinators_in(table, name)
    return alliances


def check_keys(table, known, what):
    if unknown := sorted(set(table) - known):
        raise BadFile(
            f"{what} has an unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}."
        )


def name_in(table, what):
    name = table.get("name")
    text = " ".join(name.split()) if isinstance(name, str) else ""
    if not text or not text.isprintable():
        raise BadFile(f'{what} has no name; write name = "…".')
    if len(text) > LONGEST_NAME:
        raise BadFile(f"the name of {what} is longer than {LONGEST_NAME} characters.")
    return text


def coordinators_in(table, name):
    wanted = table.get("coordinators")
    if not isinstance(wanted, list) or not wanted:
        raise BadFile(
            f'{name} lacks coordinators; write coordinators = ["police", "municipality"].'
        )
    if wrong := [w for w in wanted if not isinstance(w, str) or w not in set(Organisation)]:
        raise BadFile(f"{name} has a coordinator of {wrong[0]!r}; choose from {ORGANISATIONS}.")
    return [Organisation(w) for w in wanted]


@atomic
def found(plan):
    """Store the region; returns (invitation, code) pairs. Raises DomainError when there is one."""
    if Region.select().exists():
        raise DomainError("There is a region already; this installation serves one.")
    region = Region.create(name=plan.name)
    record("operator", "region.founded", region)
    pairs = []
    for name, organisations in plan.alliances.items():
        alliance = Alliance.create(region=region, name=name)
        record("operator", "alliance.founded", alliance)
        for organisation in organisations:
            facts = {"role": Role.COORDINATOR, "organisation": organisation}
            pairs.append(invite(alliance, by="operator", **facts))
    return pairs
