"""The shape of the code: left may not import right, services know no web (DESIGN 1)."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("base", "accounts.models", "alliances", "models", "services", "web", "views", "app")
BASE = {
    "config",
    "errors",
    "files",
    "crypto",
    "db",
    "i18n",
    "receipts",
    "textcheck",
    "assets",
    "headers",
    "sealing",
    "squares",
    "access",
    "keeping",
    "keys",
    "phone_numbers",
    "platforms",
}
WEB = {
    "web",
    "entrance",
    "fresh",
    "held",
    "forms",
    "wording",
    "paging",
    "signing_in",
    "trouble",
    "health",
    "compression",
}
OF_THE_WEB = ("flask", "htmx_flask", "werkzeug", "wtforms")
VIEWS = {
    "views",
    "signing_out",
    "devices",
    "unsent",
    "desk",
    "objecting",
    "joining",
    "planner",
    "coming",
    "cli",
}
APP = {"", "cli", "demo", "jobs"}
IMPORTS = (ast.Import, ast.ImportFrom)
MODULES = sorted((ROOT / "allies").rglob("*.py"))


def name_of(path):
    parts = path.relative_to(ROOT / "allies").with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(name):
    first, _dot, last = name.partition(".")
    if name == "demo.cast":
        return "models"
    if name in APP or first == "demo":
        return "app"
    if first in BASE:
        return "base"
    if first in WEB:
        return "web"
    if name == "accounts.models":
        return "accounts.models"
    if first == "alliances" and last not in {"service", "forms", "views", "keeping"}:
        return "alliances"
    if last in VIEWS:
        return "views"
    if last in {"forms", "fields", "asking"}:
        return "web"
    if last in {"models", "states", "answers"} or name in {"policy", "audit"}:
        return "models"
    return "services"


def imports_of(path):
    """The modules of allies that a module imports, with where."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "allies":
            inside = node.module.removeprefix("allies").lstrip(".")
            for alias in node.names:
                whole = f"{inside}.{alias.name}".lstrip(".")
                is_module = (ROOT / "allies" / Path(*whole.split("."))).with_suffix(".py").exists()
                is_package = (ROOT / "allies" / Path(*whole.split(".")) / "__init__.py").exists()
                yield whole if is_module or is_package else inside


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_left_does_not_import_right(path):
    mine = LAYERS.index(layer_of(name_of(path)))
    wrong = [m for m in imports_of(path) if LAYERS.index(layer_of(m)) > mine]

    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_features_do_not_use_each_others_views_or_forms(path):
    feature = name_of(path).split(".")[0]
    layer = layer_of(name_of(path))
    if layer == "app" or feature in WEB:
        return
    made_to_be_used = {"outcomes.forms", "actions.forms"}
    used = [m for m in imports_of(path) if m.endswith((".views", ".forms"))]
    used = [m for m in used if m not in made_to_be_used]

    assert [m for m in used if m.split(".")[0] != feature] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_imports_inside_a_function(path):
    tree = ast.parse(path.read_text())
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]

    assert [n for f in functions for n in ast.walk(f) if isinstance(n, IMPORTS)] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_lies_below_the_web_knows_nothing_of_it(path):
    """But for the language of a text, and the user as Flask-Login wants it."""
    name = name_of(path)
    if name in {"i18n", "accounts.models"} or LAYERS.index(layer_of(name)) >= LAYERS.index("web"):
        return
    nodes = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, IMPORTS)]
    used = [n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)]
    used += [a.name for n in nodes if isinstance(n, ast.Import) for a in n.names]

    assert [module for module in used if module.startswith(OF_THE_WEB)] == []


def test_names_are_opened_only_where_it_is_meant():
    """Their owner's own acts, the reveal, the call list, the sending job (TRUST T08)."""
    opening = (".unseal(", ".unsealed(", '.open("', ".open('", ".open(field")
    found = {
        str(path.relative_to(ROOT / "allies"))
        for path in MODULES
        if any(word in path.read_text() for word in opening)
    }
    in_templates = {
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if ".open(" in path.read_text() or ".unsealed(" in path.read_text()
    }

    assert found == {
        "sealing.py",
        "people/models.py",
        "people/service.py",  # the owner's contact, the reveal, the call list
        "people/keeping.py",  # the owner's download
        "accounts/views.py",  # what the owner's passphrase may not hold
        "alliances/views.py",  # what the owner's alias may not hold
        "notifications/mail.py",
        "second_step/offer.py",  # not a name: the secret of a code app
        "second_step/service.py",
        "migrate.py",  # its lock file
    }
    assert in_templates == set()


def test_one_macro_prints_a_person():
    """Nothing else shows an alias, so nothing else can show more than that (TRUST T01)."""
    pages = (ROOT / "templates").rglob("*.html")
    printing = {p.name for p in pages if re.search(r"\.alias\b(?!\")", p.read_text())}

    assert printing == {"macros.html"}


def test_no_template_switches_escaping_off():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "|safe" not in text.replace(" ", ""), path
        assert "autoescape" not in text, path


def test_words_people_wrote_are_shown_only_inside_the_wrapper():
    """Names of free text fields never stand bare in a template (TRUST T31)."""
    fields = ("what", "where", "since", "effect", "question", "known", "unknown", "shareable",
              "brings", "note", "text", "title", "alias")  # fmt: skip
    for path in (ROOT / "templates").rglob("*.html"):
        if path.name == "macros.html":  # where the wrapper itself is
            continue
        for line in path.read_text().splitlines():
            for field in fields:
                bare = f".{field} }}}}"
                shown = line.replace(f".label{bare}", "")
                assert bare not in shown or "ui." in line or "form." in line, (path.name, line)
