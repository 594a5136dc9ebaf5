"""A device is known by a rough word, never by its exact model or version."""

import pytest

from allies.platforms import platform_of


@pytest.mark.parametrize(
    ("user_agent", "word"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Safari/604.1", "iPhone"),
        ("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Safari/604.1", "iPad"),
        ("Mozilla/5.0 (Linux; Android 10; SM-A505FN) Chrome/120.0 Mobile", "Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120.0", "Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", "Mac"),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/120.0", "Chromebook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Firefox/115.0", "Linux"),
        ("curl/8.5", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_user_agent_becomes_one_rough_word(user_agent, word):
    assert platform_of(user_agent) == word
    assert len(word) <= 12  # what the tables take
