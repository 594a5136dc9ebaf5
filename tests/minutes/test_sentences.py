"""Cutting a text into sentences (PRODUCT 4.2)."""

import time

import pytest

from allies.minutes.sentences import sentences


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("Eén zin zonder punt", ["Eén zin zonder punt"]),
        ("Het is stil. Dat merkt men.", ["Het is stil.", "Dat merkt men."]),
        ("Echt waar?! Ja… Nee.", ["Echt waar?!", "Ja…", "Nee."]),
        ("Men zei: “Kom maar.” Toen kwam het.", ["Men zei: “Kom maar.”", "Toen kwam het."]),
        ("“Waarom?” vroeg men. Geen idee.", ["“Waarom?” vroeg men.", "Geen idee."]),
        ("Er zijn bijv. bussen nodig. Veel.", ["Er zijn bijv. bussen nodig.", "Veel."]),
        ("Rust d.w.z. stilte helpt. Ja.", ["Rust d.w.z. stilte helpt.", "Ja."]),
        ("Om 19.30 uur. 's Avonds dus.", ["Om 19.30 uur.", "'s Avonds dus."]),
        ("1. Bouwen\n2. Wachten. Lang.", ["1. Bouwen", "2. Wachten.", "Lang."]),
        ("- klein beginnen\n\n- dan groeien", ["- klein beginnen", "- dan groeien"]),
        ("alles klein. ook hier. ja", ["alles klein.", "ook hier.", "ja"]),
        (
            "Dat is er (nog niet.) Wacht...  En dan?",
            ["Dat is er (nog niet.)", "Wacht...", "En dan?"],
        ),
    ],
)
def test_a_text_falls_apart_into_its_sentences(text, found):
    assert sentences(text) == found


@pytest.mark.parametrize("text", ["a.b.c. D!?? e … f", "…\n.\n ?! .", ".\"' A.", "d.w.z. J. J."])
def test_nothing_but_white_space_is_lost(text):
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["." * 2000, ".“" * 1000, ". " * 1000, ".\"')" * 500, "a" * 2000])
def test_no_text_takes_long(text):
    start = time.perf_counter()
    sentences(text)

    assert time.perf_counter() - start < 0.2
