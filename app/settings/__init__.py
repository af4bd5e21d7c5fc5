"""The settings: environment variables named OVERDRACHT_…, read once, frozen, handed down.

Each module here has those of one subject; `whole` puts them together.
"""

from app.settings.whole import PREFIX, Settings, SettingsWrong

__all__ = ["PREFIX", "Settings", "SettingsWrong"]
