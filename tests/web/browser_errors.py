"""Errors in a browser: on the console, uncaught exceptions, and violations of the content security policy."""

import re
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, WebError

DISCONNECTED = r"net::ERR_|WebSocket connection to|Failed to fetch|NetworkError"
"""Messages of Chromium when the network is cut; our own code logs none of these."""

REFUSED = r"the server responded with a status of \d+"
"""The message of Chromium for a response with an error status."""


@dataclass
class BrowserErrors:
    """The errors of all pages of a browser context, and patterns for those that are allowed."""

    seen: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Allow errors that match a pattern, whether they came before or come later."""
        self.allowed.append(pattern)

    def unexpected(self) -> list[str]:
        """The errors that are not allowed."""
        return [error for error in self.seen if not any(re.search(pattern, error) for pattern in self.allowed)]


def collect_errors(context: BrowserContext) -> BrowserErrors:
    """Collect the errors of all pages of a context, including pages that it opens itself."""
    errors = BrowserErrors()

    def on_console(message: ConsoleMessage) -> None:
        # Policy violations are console errors as well.
        if message.type == "error":
            errors.seen.append(f"{message.text} ({message.location['url']})")

    def on_error(error: WebError) -> None:
        errors.seen.append(str(error.error))

    context.on("console", on_console)
    context.on("weberror", on_error)
    return errors
