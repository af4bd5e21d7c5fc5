"""The figures in docs/measurements.md: the table between two marks is that of the last run that was kept."""

from pathlib import Path

BEGIN, END = "<!-- figures -->\n", "<!-- /figures -->\n"


def put(page: Path, figures: str) -> None:
    """Put figures into a page, in place of those that stand there."""
    text = page.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no place for figures")
    page.write_text(f"{before}{begin}{figures}\n{end}{after}")
