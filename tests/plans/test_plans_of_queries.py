"""Whatever a query asks, its answer is what graphql-core answers, byte for byte, and so is what is noted of it."""

import json
from dataclasses import replace

from hypothesis import given, reject
from hypothesis import strategies as st
from strawberry import Schema

from app.domain.rights import Login
from app.graphql.schema import executable
from tests.support.both_ways import UNHURRIED, Process, asking
from tests.support.client import JSON
from tests.support.generated.documents import Documents, Generated
from tests.support.generated.populated import Populated


async def answered_alike(asked: Process, document: Generated, login: Login) -> None:
    operation = await asked.operation(document)
    if operation is None:
        reject()
    answered = await asked.answered(operation, login)
    interpreted = await asked.interpreted(operation, login)
    assert b"INTERNE_FOUT" not in interpreted.body
    assert answered == interpreted
    # A plan breaks off where there is something to be told, or where a list without a page is longer than it is
    # taken to be, which graphql-core counts more exactly.
    assert answered.ways != ["raised"] or b'"errors"' in answered.body or has_long_list(json.loads(answered.body))


def has_long_list(answer: JSON) -> bool:
    """Whether more stand in a list than any is taken to have at least."""
    if isinstance(answer, dict):
        return any(map(has_long_list, answer.values()))
    return isinstance(answer, list) and (len(answer) > 3 or any(map(has_long_list, answer)))


def test_a_query_is_answered_as_graphql_core_answers_it(populated: Populated, schema: Schema) -> None:
    there = populated.there
    with asking(populated.settings, schema) as (run, asked):

        @UNHURRIED
        @given(document=Documents(executable(schema), there).queries(), login=st.sampled_from(there.logins))
        def try_out(document: Generated, login: Login) -> None:
            run(answered_alike(asked, document, login))
            # What is selected of a document that is known already may be something else.
            flipped = {name: not one if isinstance(one, bool) else one for name, one in document.variables.items()}
            run(answered_alike(asked, replace(document, variables=flipped), login))

        try_out()
