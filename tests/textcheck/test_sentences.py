"""The check against labelled sentences in the voice of residents."""

import subprocess
import sys
from pathlib import Path

import pytest

from allies.textcheck import Kind
from allies.textcheck.measure import INNOCENT, read_sentences, score

SENTENCES = Path(__file__).with_name("sentences.tsv")


def test_the_set_is_large_and_balanced():
    labels = [label for label, _ in read_sentences(SENTENCES)]
    innocent = labels.count(INNOCENT)
    assert len(labels) >= 320
    assert 0.4 <= innocent / len(labels) <= 0.6
    assert {kind.value for kind in Kind} <= set(labels)


def test_no_sentence_is_in_the_set_twice():
    sentences = [sentence for _, sentence in read_sentences(SENTENCES)]
    assert len(sentences) == len(set(sentences))


def test_direct_identifiers_are_found():
    result = score(read_sentences(SENTENCES))
    assert result.recall >= 0.98, result.table()
    for kind in Kind:
        assert result.found[kind.value] >= 0.9 * result.total[kind.value], result.table()


def test_innocent_sentences_are_not_stopped():
    result = score(read_sentences(SENTENCES))
    assert result.false_stops <= 0.03, result.table()


def test_a_line_without_a_known_label_is_refused_with_its_number(tmp_path):
    file = tmp_path / "wrong.tsv"
    file.write_text("innocent\tGoed.\nperson\tFout.\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_sentences(file)


def test_the_table_can_be_printed():
    command = [sys.executable, "-m", "allies.textcheck", str(SENTENCES)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "recall" in printed.stdout
    assert "false stops" in printed.stdout


def test_without_a_file_the_usage_is_printed():
    command = [sys.executable, "-m", "allies.textcheck", "nowhere.tsv"]
    printed = subprocess.run(command, capture_output=True, text=True, check=False)
    assert printed.returncode == 2
    assert "usage" in printed.stderr
