"""The README's figures: its table, between two marks, is that of the last run that was written there."""

from pathlib import Path

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"


def put(readme: Path, figures: str) -> None:
    """Put figures into the README, in place of those that stand there."""
    text = readme.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the README has no place for figures")
    readme.write_text(f"{before}{begin}{figures}\n{end}{after}")
