"""A tree to start from."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("allies", "deploy", "migrations", "static", "templates")


@pytest.fixture
def tree(tmp_path):
    """A copy of the application, so that its instance folder is not ours."""
    for part in PARTS:
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", tmp_path)
    return tmp_path
