"""What the README shows works as it stands there."""

import re
import uuid

from app.graphql.errors import Code
from app.settings import PREFIX, Settings
from tests.support.commands import ROOT
from tests.support.people import DESK, VERGUNNINGEN
from tests.support.server import Server

README = (ROOT / "README.md").read_text()


def documents() -> list[str]:
    return re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)


async def test_the_first_steps_work_as_they_stand(server: Server) -> None:
    inbox_query, registration, live = documents()
    desk, colleague, eenheid = server.as_(DESK), server.as_(VERGUNNINGEN), server.eenheden["VER"]

    inbox = (await colleague.data(inbox_query, eenheid=eenheid))["postvak"]
    async with colleague.follow(live, eenheid=eenheid, na=inbox["laatsteVolgnummer"]) as stream:
        contact_id = str(uuid.uuid4())
        answers = [
            (await desk.data(registration, id=contact_id, eenheid=eenheid))["registreerKlantcontact"]
            for _ in range(2)
        ]
        alert = (await stream.next())["postvak"]

    assert answers[0] == answers[1], "the same registration registers once"
    assert answers[0]["klantcontact"]["id"] == contact_id
    [row] = (await colleague.data(inbox_query, eenheid=eenheid))["postvak"]["interneTaken"]["edges"]
    assert row["node"]["id"] == alert["interneTaak"]["id"]
    assert row["node"]["ontstaanUitKlantcontact"]["onderwerp"] == "Voorwaarden vergunningsvrije dakkapel"


def test_the_readme_lists_every_setting_with_its_default_and_meaning() -> None:
    assert [line for line in README.splitlines() if line.startswith(f"| `{PREFIX}")] == [
        f"| `{PREFIX}{name.upper()}` | {shown(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


def shown(default: object) -> str:
    if default in (None, ()):
        return "–"
    if isinstance(default, tuple):
        return f"`{', '.join(default)}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_every_error_code_stands_in_the_readme() -> None:
    listed = re.findall(rf"^\| `(?!{PREFIX})([A-Z_]+)` \|", README, re.MULTILINE)
    assert listed == [code.value for code in Code]
