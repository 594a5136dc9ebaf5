"""What a start says before anything is installed: one line, and no traceback."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture
def tree(tmp_path):
    """The files a first start reads, in a folder of their own without a .venv."""
    folder = tmp_path / "allies here"  # a space, as in many people's folders
    shutil.copytree(
        ROOT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def start(folder, *before, **environ):
    # The interpreter below .venv may be out of reach for another user, the one it stands on is not.
    python = os.path.realpath(sys.executable)
    return subprocess.run(
        [*before, python, str(folder / "deploy" / "bootstrap.py"), "run"],
        cwd=folder, env={**os.environ, **environ}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def refuse(code):
    """Run a few lines against bootstrap in a fresh interpreter; what it refuses with."""
    prelude = "import sys; sys.path.insert(0, 'deploy'); import bootstrap\n"
    result = subprocess.run(
        [sys.executable, "-c", prelude + code], cwd=ROOT, capture_output=True, text=True
    )
    return result.returncode, result.stderr


def test_an_old_python_is_told_its_version_and_place_in_one_line():
    code = (
        "sys.version_info = (3, 9, 2); sys.executable = '/usr/bin/python3'\n"
        "sys.exit(bootstrap.main('run'))"
    )
    line = "Allies needs Python 3.11 or newer; this is 3.9.2 (/usr/bin/python3).\n"
    assert refuse(code) == (2, line)


def test_an_old_python_can_read_the_program_that_refuses_it():
    tree = ast.parse((ROOT / "deploy" / "bootstrap.py").read_text(), feature_version=(3, 7))
    too_new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match)
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, too_new)] == []


def test_a_missing_venv_module_names_the_package_to_install():
    code = (
        "sys.modules['ensurepip'] = None  # what an import finds on a bare Debian\n"
        "try: bootstrap.check_venv((3, 11))\n"
        "except bootstrap.Refused as refusal: sys.exit(str(refusal))"
    )
    status, said = refuse(code)
    assert (status, said.count("\n")) == (1, 1)
    assert said.endswith("apt install python3.11-venv\n")


def test_a_folder_of_somebody_else_is_one_line(tree):
    before = as_somebody_else() if os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory() as parent:  # pytest's own folder is closed to others
        Path(parent).chmod(0o755)
        theirs = Path(parent) / "theirs"
        shutil.copytree(tree, theirs)
        theirs.chmod(0o555)
        result = start(theirs, *before)
        theirs.chmod(0o755)
    assert result.stderr == f"Allies can't write in {theirs}: Permission denied.\n"
    assert result.returncode == 2


def as_somebody_else():
    """What goes before a command to run it as a user without rights; root can write everywhere."""
    command = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    if not shutil.which("setpriv"):
        pytest.skip("setpriv, to become another user, is missing")
    if subprocess.run([*command, os.path.realpath(sys.executable), "-c", ""]).returncode != 0:
        pytest.skip("another user can't start this Python")
    return command


def test_a_file_in_the_place_of_venv_is_named(tree):
    (tree / ".venv").write_text("not a folder")
    result = start(tree)
    assert result.stderr == f"Allies can't write in {tree}: File exists.\n"
    assert result.returncode == 2


def test_a_failed_installation_passes_on_the_last_words_of_pip(tree):
    (tree / "requirements.txt").write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    result = start(tree, PIP_NO_INDEX="1")
    assert result.stderr.startswith("The packages could not be installed. pip said: ERROR: ")
    assert result.stderr.count("\n") == 1
    assert result.returncode == 2


def test_an_installation_that_was_cut_off_is_made_anew(tree):
    (tree / "requirements.txt").write_text("")
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / ".installing").touch()
    (tree / ".venv" / "half").touch()
    install = [os.path.realpath(sys.executable), "deploy/bootstrap.py", "run"]
    (tree / "deploy" / "serve.py").write_text("print('served')")
    result = subprocess.run(install, cwd=tree, capture_output=True, text=True, timeout=120)
    assert result.stdout.splitlines()[-1] == "served"
    assert not (tree / ".venv" / "half").exists()


def test_a_second_start_installs_nothing(tree):
    (tree / "requirements.txt").write_text("")
    (tree / "deploy" / "serve.py").write_text("print('served')")
    assert start(tree).stdout.splitlines() == [
        "Installing requirements.txt (once; about a minute)...",
        "served",
    ]
    assert start(tree).stdout == "served\n"


def pins(name):
    return set(re.findall(r"^([\w.-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_tests_run_with_the_packages_that_are_served():
    assert pins("requirements.txt") <= pins("requirements-dev.txt")
