"""The page that describes every setting. `docs/settings.md` is what it prints."""

from collections.abc import Iterator

from pydantic_settings import BaseSettings

from app.settings.http import HttpSettings
from app.settings.limits import LimitSettings
from app.settings.live import LiveSettings
from app.settings.login import LoginSettings
from app.settings.observing import ObservingSettings
from app.settings.privacy import PrivacySettings
from app.settings.register import RegisterSettings
from app.settings.server import ServerSettings
from app.settings.storage import StorageSettings
from app.settings.whole import PREFIX

_SUBJECTS: tuple[tuple[str, type[BaseSettings]], ...] = (
    ("The database", StorageSettings),
    ("The server", ServerSettings),
    ("HTTP", HttpSettings),
    ("The register", RegisterSettings),
    ("Logging in", LoginSettings),
    ("Live updates", LiveSettings),
    ("Limits", LimitSettings),
    ("The processing log", PrivacySettings),
    ("Monitoring", ObservingSettings),
)

_INTRODUCTION = f"""\
# Settings

Settings are environment variables. They are read once, when a process starts. A wrong value stops the process, with
a message that names the variable and what it accepts.

Exactly one of `{PREFIX}TOKEN_DEMO_KEY`, `{PREFIX}TOKEN_KEY_FILE`, `{PREFIX}TOKEN_JWKS_FILE` and
`{PREFIX}OIDC_ISSUER` must be set. All others have a default.

`overdracht settings` prints this page."""


def page() -> str:
    """Every setting with its default and meaning, as a page of Markdown."""
    sections = (f"## {title}\n\n{_table(settings)}" for title, settings in _SUBJECTS)
    return "\n\n".join((_INTRODUCTION, *sections)) + "\n"


def _table(settings: type[BaseSettings]) -> str:
    return "\n".join(("| variable | default | meaning |", "|---|---|---|", *_rows(settings)))


def _rows(settings: type[BaseSettings]) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        yield f"| `{PREFIX}{name.upper()}` | {_shown(field.default)} | {field.description} |"


def _shown(default: object) -> str:
    if default in (None, ()):
        return "–"
    if isinstance(default, tuple):
        return f"`{', '.join(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"
