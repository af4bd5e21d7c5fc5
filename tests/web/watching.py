"""What a browser complains of: errors on its console, exceptions of a page, breaches of the page's policy."""

import re
from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, WebError

CUT = r"net::ERR_|WebSocket connection to|Failed to fetch|NetworkError"
"""What Chromium says where the network is cut; nothing of ours says it."""

REFUSED = r"the server responded with a status of \d+"
"""What Chromium says of an answer that is no."""


@dataclass
class Complaints:
    """All that the pages of a context complained of, and what of it was to be expected."""

    heard: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, pattern: str) -> None:
        """From now on, and before, this is no fault of the page."""
        self.expected.append(pattern)

    def unexpected(self) -> list[str]:
        """What nobody expected."""
        return [said for said in self.heard if not any(re.search(one, said) for one in self.expected)]


def watch(context: BrowserContext) -> Complaints:
    """Listen to every page of a context, those that it opens by itself included."""
    complaints = Complaints()

    def on_console(message: ConsoleMessage) -> None:
        # A breach of the policy is an error of the console as well.
        if message.type == "error":
            complaints.heard.append(f"{message.text} ({message.location['url']})")

    def on_error(error: WebError) -> None:
        complaints.heard.append(str(error.error))

    context.on("console", on_console)
    context.on("weberror", on_error)
    return complaints
