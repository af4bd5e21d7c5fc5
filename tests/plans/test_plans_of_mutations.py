"""Whatever a mutation answers and leaves behind, it is what graphql-core's way answers and leaves behind."""

import asyncio
import re

import hypothesis
from hypothesis import given, reject
from hypothesis import strategies as st
from strawberry import Schema

from app.domain.rights import Login
from app.graphql.schema import executable
from app.settings import Settings
from tests.support.arrange import new_taak
from tests.support.both_ways import UNHURRIED, process
from tests.support.canonical import Canonical
from tests.support.client import JSON
from tests.support.databases import contents, execute, kind
from tests.support.generated.documents import Documents, Generated
from tests.support.generated.inputs import asking, inputs
from tests.support.generated.populated import Populated
from tests.support.people import DESK
from tests.support.server import Server

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


async def done(there: Populated, schema: Schema, document: Generated, login: Login, *, answered: bool) -> JSON:
    """What a mutation answers, asked twice, what is noted of it, and all that is stored then."""
    chosen = UUID.findall(str(document))
    canonical = Canonical({*there.there.ids, *there.there.nummers, *chosen, *(id_.lower() for id_ in chosen)})
    with there.copy() as settings:
        told: list[JSON] = []
        async with process(settings, schema) as asked:
            operation = await asked.operation(document)
            if operation is None:
                reject()
            for _ in range(2):
                answer = await (asked.answered if answered else asked.interpreted)(operation, login)
                assert b"INTERNE_FOUT" not in answer.body
                told += [canonical.text(answer.body.decode()), canonical.noted(answer.noted)]
        return [*told, *canonical.contents(contents(settings.database_url))]


def test_a_mutation_answers_and_leaves_behind_what_it_does_by_graphql_core(
    populated: Populated, schema: Schema
) -> None:
    documents = Documents(executable(schema), populated.there)
    asked = asking(populated.there).flatmap(
        lambda login: st.tuples(st.just(login), documents.mutations(inputs(login, populated.there)))
    )
    # PostgreSQL takes its time to copy a database.
    share = 2 if kind(populated.url) == "sqlite" else 5

    examples = UNHURRIED.max_examples // share
    with asyncio.Runner() as runner:

        @hypothesis.settings(UNHURRIED, max_examples=examples)
        @given(asked)
        def try_out(asked: tuple[Login, Generated]) -> None:
            login, document = asked
            interpreted = runner.run(done(populated, schema, document, login, answered=False))
            assert runner.run(done(populated, schema, document, login, answered=True)) == interpreted

        try_out()


REGISTER = """
mutation ($eenheid: ID!) {
  registreerKlantcontact(
    input: {
      onderwerp: "Dakkapel"
      interneTaken: [{ gevraagdeHandeling: "Terugbellen", organisatorischeEenheidId: $eenheid }]
    }
  ) {
    ... on KlantcontactGeregistreerd { klantcontact { nummer kanaal interneTaken { versie } } }
  }
}
"""


async def test_what_is_registered_is_noted_alike(populated: Populated, schema: Schema) -> None:
    there = populated.there
    active = {one.id for one in there.medewerkers if one.actief}
    login = next(one for one in there.logins if one.may_register() and one.medewerker_id in active)
    document = Generated(REGISTER, None, {"eenheid": login.eenheid_id})
    interpreted = await done(populated, schema, document, login, answered=False)
    assert '"versie":1' in interpreted[0]
    assert await done(populated, schema, document, login, answered=True) == interpreted


NOTE_AND_SHOW = """
mutation ($input: VoegToelichtingToeInput!) {
  voegToelichtingToe(input: $input) {
    ... on InterneTaakGewijzigd { taak: interneTaak { organisatorischeEenheid { aantalMetPostvakOpen } } }
  }
}
"""


async def test_an_error_in_what_is_shown_of_a_deed_tells_under_which_key_it_would_stand(
    server: Server, settings: Settings
) -> None:
    """Who has an inbox open is read for the answer, from a table that no deed comes to."""
    desk = server.as_(DESK)
    task = await new_taak(desk, server.eenheden["VER"])
    await asyncio.to_thread(execute, settings.database_url, "ALTER TABLE postvak_lease RENAME TO elders")
    answer = await desk.answer(NOTE_AND_SHOW, input={"id": task["id"], "toelichting": "De klant belt terug."})
    await asyncio.to_thread(execute, settings.database_url, "ALTER TABLE elders RENAME TO postvak_lease")
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "INTERNE_FOUT"
    assert error["path"][:2] == ["voegToelichtingToe", "taak"]


NOTE_IN_PARTS = """
mutation ($input: VoegToelichtingToeInput!) {
  voegToelichtingToe(input: $input) {
    ... on InterneTaakGewijzigd { interneTaak { versie } }
    ...Shown
    ... on InterneTaakGewijzigd { interneTaak { organisatorischeEenheid { identificatie } } }
  }
}
fragment Shown on InterneTaakGewijzigd { interneTaak { organisatorischeEenheid { actief } } }
"""


async def test_what_is_selected_of_a_deed_in_several_places_is_shown_together(server: Server) -> None:
    desk = server.as_(DESK)
    task = await new_taak(desk, server.eenheden["VER"])
    shown = await desk.data(NOTE_IN_PARTS, input={"id": task["id"], "toelichting": "De klant belt terug."})
    assert shown == {
        "voegToelichtingToe": {
            "interneTaak": {"versie": 2, "organisatorischeEenheid": {"actief": True, "identificatie": "VER"}}
        }
    }
