"""Random texts as people and odd programs write them; all are allowed in the register."""

from random import Random

WORDS = (
    *("dakkapel", "Vergunning", "bezwaar", "é́én", "coördinatie", "IJsselstraat", "straße", "ﬁets", "ŒUVRE"),
    *("مرحبا", "שלום", "‏עברית‏", "日本語", "Ελλάδα", "ไทย", "नमस्ते"),
    *("👩‍👩‍👧‍👦", "🇳🇱", "👍🏽", "𝒜𝓫𝓬", "\u2028", "\u200d", "\ufeffbom", "\ufffd"),
    *('"', "\\", "'", "''", "\\n", "\\u0000", "</script>", "&amp;", "%s", ":naam", "$1", "?", "_", "%", "{}", "[]"),
    *("null", "true", "0", "1e5", "[1,2]", '{"a": null}', "NaN", "NULL", "1234567890", "-0.0"),
)
"""Words in several scripts, and texts that look like markup, JSON, SQL or a number."""


LONE = ("null", "true", "0", "1e5", "[1,2]", '{"a": null}', "NaN", '"', "\\", "1234567890", "🇳🇱", "x")
"""Words that are the whole text sometimes."""


def text(random: Random, most: int, *, several_lines: bool = False) -> str:
    """A text of 1 to `most` code points, which the register changes by trimming and normalisation only."""
    if random.random() < 0.05:
        return "x" * most
    if random.random() < 0.2:
        return random.choice(LONE)
    between = (" ", "\n", "\n\n", ", ") if several_lines else (" ", " - ")
    words = "".join(
        random.choice(WORDS) + random.choice(between) for _ in range(random.choice((1, 2, 3, 5, 8, 40, 200)))
    )
    return f"{words[: most - 2].strip()} x".strip()


def optional(random: Random, most: int) -> str | None:
    """A text of several lines, or None."""
    return None if random.random() < 0.4 else text(random, most, several_lines=True)
