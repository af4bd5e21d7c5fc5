"""What is kept of one request, its plan, its statements and its cost, is right for whatever is asked after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import pytest
from strawberry import Schema

from app.domain.relations import RELATIONS, Relation
from app.domain.rights import Scope
from app.plans.declared import Row
from app.plans.shapes import Shape
from app.storage.engine.transaction import Transaction
from app.storage.read import rows
from app.storage.read.row_reader import RowReader
from app.transport.execution.cost import Cost
from app.wiring.parts import open_database
from tests.support.both_ways import Answer, Process, asking
from tests.support.each import each
from tests.support.generated.populated import Populated
from tests.support.generated.requests import Request, Requests
from tests.support.records import SEES_ALL

# What they are kept by is the same for every kind of database.
pytestmark = pytest.mark.database("sqlite")


@dataclass(frozen=True)
class Answered:
    """What somebody gets for a request, and what it is reckoned to cost."""

    answer: Answer
    cost: Cost


async def answered(asked: Process, request: Request, *, planned: bool = True) -> Answered:
    """What a process answers: by a plan, or as graphql-core does."""
    operation = await asked.operation(request.document)
    assert operation is not None
    if request.fact is None:
        answer = await (asked.answered if planned else asked.interpreted)(operation, request.login)
    else:
        of_fact = asked.answered_fact if planned else asked.interpreted_fact
        answer = await of_fact(operation, request.login, request.fact)
    assert not planned or answer.ways == ["compiled"]
    return Answered(answer, operation.estimated.cost)


@pytest.fixture(scope="module")
def requests(populated: Populated) -> list[Request]:
    return Requests(populated.there).all()


@pytest.fixture(scope="module")
def alone(populated: Populated, schema: Schema, requests: Sequence[Request]) -> list[Answered]:
    """What each request gets of a process that was never asked anything else."""
    found: list[Answered] = []

    async def ask(asked: Process, request: Request) -> None:
        found.append(await answered(asked, request))

    for request in requests:
        with asking(populated.settings, schema) as (run, asked):
            run(ask(asked, request))
    return found


def answered_after(
    populated: Populated, schema: Schema, requests: Sequence[Request], *, planned: bool
) -> list[Answered]:
    """What each gets of one process that is asked them all in this order."""
    found: list[Answered] = []

    async def ask(asked: Process) -> None:
        found.extend([await answered(asked, request, planned=planned) for request in requests])

    with asking(populated.settings, schema) as (run, asked):
        run(ask(asked))
    return found


def test_alone_requests_of_one_document_are_mostly_answered_otherwise_each(
    requests: Sequence[Request], alone: Sequence[Answered]
) -> None:
    bodies = {(one.document.text, one.login, got.answer.body) for one, got in zip(requests, alone, strict=True)}
    assert len(bodies) > 0.8 * len(requests)


@pytest.mark.parametrize("planned", [True, False], ids=["by plans", "by graphql-core"])
@pytest.mark.parametrize("step", [1, -1], ids=["in order", "the other way round"])
def test_a_request_is_answered_after_others_as_it_is_alone(
    populated: Populated,
    schema: Schema,
    requests: Sequence[Request],
    alone: Sequence[Answered],
    step: int,
    planned: bool,
) -> None:
    after = answered_after(populated, schema, requests[::step], planned=planned)
    for request, first, later in each(zip(requests[::step], alone[::step], after, strict=True)):
        assert later == first, request


LOGBOEK = RELATIONS["InterneTaak"]["logboek"]
RELATED = {
    "all facts": (rows.FULL_SHAPES["Gebeurtenis"], LOGBOEK),
    "when they were": (Shape("Gebeurtenis", ("versie", "tijdstip")), LOGBOEK),
    "the last first": (rows.FULL_SHAPES["Gebeurtenis"], replace(LOGBOEK, order=("tijdstip", "id"))),
    "the facts in an inbox": (rows.FULL_SHAPES["Gebeurtenis"], replace(LOGBOEK, to=("eenheid_id",))),
    "tasks": (rows.FULL_SHAPES["InterneTaak"], RELATIONS["Klantcontact"]["interne_taken"]),
    "all tasks": (
        rows.FULL_SHAPES["InterneTaak"],
        replace(RELATIONS["Klantcontact"]["interne_taken"], scoped=False),
    ),
    "departments": (
        rows.FULL_SHAPES["OrganisatorischeEenheid"],
        RELATIONS["Medewerker"]["organisatorische_eenheden"],
    ),
    "employees": (rows.FULL_SHAPES["Medewerker"], RELATIONS["OrganisatorischeEenheid"]["medewerkers"]),
}
VALUES = [
    ("OrganisatorischeEenheid", "naam"),
    ("OrganisatorischeEenheid", "id"),
    ("Postvak", "id"),
    ("Medewerker", "naam"),
]


@pytest.mark.parametrize("step", [1, -1], ids=["in order", "the other way round"])
async def test_what_hangs_on_records_is_read_after_others_as_it_is_alone(populated: Populated, step: int) -> None:
    there = populated.there
    keys = {
        "eenheid_id": [[eenheid.id] for eenheid in there.eenheden],
        "klantcontact_id": [[contact.id] for contact in there.klantcontacten],
        "taak_id": [[taak.id] for taak in there.taken],
        "medewerkers": [[wie.id] for wie in there.medewerkers],
        "eenheden": [[eenheid.id] for eenheid in there.eenheden],
        "betrokkene_id": [[betrokkene.id] for betrokkene in there.betrokkenen],
    }

    async def read(tx: Transaction) -> None:
        shared = RowReader()

        async def related(
            shaped: RowReader, shape: Shape, relation: Relation, scope: Scope
        ) -> list[list[Row] | None]:
            [to] = relation.to
            return await shaped.related(tx, scope, shape, relation, keys[to], 10_000)

        for login, (shape, relation) in each(product(there.logins[:4], list(RELATED.values())[::step])):
            found = await related(shared, shape, relation, login.scope)
            assert found == await related(RowReader(), shape, relation, login.scope)
        for kind, name in each(VALUES[::step]):
            ids = [eenheid.id for eenheid in there.eenheden] + [wie.id for wie in there.medewerkers]
            values = await shared.values(tx, SEES_ALL, kind, name, ids)
            assert values == await RowReader().values(tx, SEES_ALL, kind, name, ids)

    database = open_database(populated.settings)
    await database.reading(read)
    await database.close()
