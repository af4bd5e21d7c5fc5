"""Whatever is selected of a fact, those who follow are given what graphql-core selects, and it is noted alike."""

from hypothesis import given, reject
from hypothesis import strategies as st
from strawberry import Schema

from app.domain.model import Gebeurtenis
from app.domain.rights import Login
from app.graphql.schema import executable
from tests.support.both_ways import UNHURRIED, Process, asking
from tests.support.generated.documents import Documents, Generated
from tests.support.generated.populated import Populated


async def selected_alike(asked: Process, document: Generated, login: Login, fact: Gebeurtenis) -> None:
    operation = await asked.operation(document)
    if operation is None:
        reject()
    answered = await asked.answered_fact(operation, login, fact)
    interpreted = await asked.interpreted_fact(operation, login, fact)
    assert b"INTERNE_FOUT" not in interpreted.body
    assert answered == interpreted
    assert answered.ways != ["raised"] or b'"errors"' in answered.body


def test_of_a_fact_is_given_what_graphql_core_selects_of_it(populated: Populated, schema: Schema) -> None:
    there = populated.there
    with asking(populated.settings, schema) as (run, asked):

        @UNHURRIED
        @given(
            document=Documents(executable(schema), there).subscriptions(),
            login=st.sampled_from(there.logins),
            fact=st.sampled_from(there.feiten),
        )
        def try_out(document: Generated, login: Login, fact: Gebeurtenis) -> None:
            run(selected_alike(asked, document, login, fact))

        try_out()
