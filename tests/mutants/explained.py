"""Changes that no test needs to notice, each with the reason: `explained.toml`."""

import tomllib
from pathlib import Path

_FILE = Path(__file__).with_name("explained.toml")


def explained() -> dict[str, str]:
    """The reasons by the names of the changes."""
    reasons: dict[str, str] = {}
    for entry in tomllib.loads(_FILE.read_text()).get("explained", []):
        reasons |= dict.fromkeys(entry["changes"], entry["reason"])
    return reasons
