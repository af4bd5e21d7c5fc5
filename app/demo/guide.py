"""What the user of the demo can do next: printed, and as demo.json for programs."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from app.demo.people import DESK, VERGUNNINGEN
from app.demo.story import LIVE

QUERY = """
{ ik { medewerker { naam } postvakken { aantalTeDoen interneTaken(filter: { status: TE_DOEN }, first: 5) {
  edges { node { id versie gevraagdeHandeling ontstaanUitKlantcontact { onderwerp inhoud } } } } } } }
"""

MUTATION = """
mutation { registreerKlantcontact(input: { onderwerp: "Dakkapel", interneTaken: [{
  gevraagdeHandeling: "Overname gesprek met klant", klantAanDeLijn: true
  organisatorischeEenheidId: "%s" }] }) {
  ... on KlantcontactGeregistreerd { klantcontact { nummer interneTaken { id } } } ... on Weigering { bericht } } }
"""


@dataclass(frozen=True, slots=True)
class DemoFacts:
    """The contents of demo.json: URLs, and tokens and ids by key. `screens` is null if they were not built."""

    screens: str | None
    url: str
    ws: str
    tokens: Mapping[str, str]
    eenheden: Mapping[str, str]
    medewerkers: Mapping[str, str]


def write(facts: DemoFacts, data: Path) -> Path:
    """Write demo.json atomically, so that a reader never sees a part of it."""
    path = data / "demo.json"
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(facts), indent=2) + "\n")
    part.chmod(0o600)
    part.replace(path)
    return path


def show_screens(facts: DemoFacts) -> None:
    """Print the URL of the screens, and which employee to choose in each of two browsers."""
    if facts.screens:
        print(
            f"""
De schermen: {facts.screens}
Open ze in twee browsers, of in een gewoon en een privévenster naast elkaar. Kies in het ene {DESK.naam}, die in het
Klantcontactcentrum een gesprek registreert, en in het andere {VERGUNNINGEN.naam}, in wiens postvak het binnenkomt.
""",
            flush=True,
        )


def show(facts: DemoFacts, path: Path) -> None:
    """Print what the user can do next."""
    screens = f"The screens: {facts.screens}\n" if facts.screens else ""
    desk, colleague = facts.tokens["desk"], facts.tokens["vergunningen"]
    print(
        f"""
GraphiQL, in a browser, as an employee of Vergunningen:
{facts.url}#token={colleague}

A query        {_curl(facts.url, colleague, QUERY)}

A mutation     {_curl(facts.url, desk, MUTATION % facts.eenheden["vergunningen"])}

A subscription, in GraphiQL; then run the mutation in a terminal:
{LIVE.strip()}
               Variables: {{"eenheid": "{facts.eenheden["vergunningen"]}"}}

{screens}Other tokens and all ids: {path}
Ctrl-C stops the demo; started again with the same --data it goes on with what is there.
""",
        flush=True,
    )


def _curl(url: str, token: str, document: str) -> str:
    body = json.dumps({"query": " ".join(document.split())}, ensure_ascii=False)
    return f"curl -s {url} -H 'content-type: application/json' -H 'authorization: Bearer {token}' -d '{body}'"
