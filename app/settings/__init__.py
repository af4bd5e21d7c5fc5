"""The settings: environment variables named OVERDRACHT_…, read once at the start and never changed.

Each module has the settings of one subject; `whole` combines them.
"""

from app.settings.whole import PREFIX, Settings, SettingsWrong

__all__ = ["PREFIX", "Settings", "SettingsWrong"]
