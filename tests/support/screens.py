"""Minimal screens in the form of a build, and a server with those or the real screens."""

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from app.settings import Settings
from app.web.spa import SCREENS
from tests.support.server import Server, application, serving
from tests.support.template import Template

KANALEN = "query Kanalen { kanalen }"

PAGE = '<!doctype html><title>Overdracht</title><script type="module" src="/screens/assets/index-1a2b.js"></script>'
SCRIPT = b"document.title = 'Postvak'\n" * 40
BROTLI = b"stands for what brotli would make of it"


def build(directory: Path, documents: object | None = None) -> Path:
    """Write minimal screens to a directory."""
    (directory / "assets").mkdir(parents=True)
    (directory / "index.html").write_text(PAGE)
    (directory / "documents.json").write_text(json.dumps(documents or {"k1": KANALEN}))
    (directory / ".built").write_text("a stamp")
    (directory / "pictogram.svg").write_text("<svg/>")
    script = directory / "assets" / "index-1a2b.js"
    script.write_bytes(SCRIPT)
    script.with_name("index-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    script.with_name("index-1a2b.js.br").write_bytes(BROTLI)
    return directory


@asynccontextmanager
async def showing(
    settings: Settings, template: Template, built: Path = SCREENS, **more: object
) -> AsyncIterator[Server]:
    """A server with the screens in a directory; `more` replaces settings."""
    shows = settings.model_copy(update={"screens": True} | more)
    async with serving(shows, template.eenheden, create=partial(application, screens=built)) as server:
        yield server
