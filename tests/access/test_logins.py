"""A login that was read serves for a while, and is read anew when it was forgotten, whatever is under way then."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from app.domain.model import Rol
from app.domain.organisation import Claims, LoginGeweigerd
from app.domain.rights import Login
from app.service.logins import Logins
from app.service.writing import Writer, nobody_listens
from app.settings import Settings
from tests.support.arrange import command_line
from tests.support.between import Between
from tests.support.people import VERGUNNINGEN
from tests.support.template import Template

WHO = VERGUNNINGEN.subject

Way = Callable[[Logins, Claims], Awaitable[Login]]


async def by_a_token(logins: Logins, claims: Claims) -> Login:
    return await logins(claims)


async def by_how_they_stand(logins: Logins, claims: Claims) -> Login:
    return await logins.current(claims.medewerker_id)


each_way = pytest.mark.parametrize("way", [by_a_token, by_how_they_stand], ids=lambda way: way.__name__)


def claims(*, uitgegeven: int = 1_000, naam: str = VERGUNNINGEN.naam) -> Claims:
    """What a token says of an employee."""
    return Claims(WHO, naam, ("VER",), frozenset({Rol.BEHANDELAAR}), uitgegeven, 2_000, 2_030)


@pytest.fixture
async def database(settings: Settings, template: Template) -> AsyncIterator[Between]:
    opened = Between(settings.database_url, synchronous="NORMAL")
    yield opened
    await opened.close()


def opened(database: Between, *, keep_seconds: float = 1_000) -> Logins:
    return Logins(database, Writer(database, nobody_listens), keep_seconds=keep_seconds)


async def deactivated(settings: Settings) -> None:
    async with command_line(settings) as (_, medewerkers):
        await medewerkers.set_actief(WHO, actief=False)


@each_way
async def test_a_login_is_read_once_and_serves_until_it_is_forgotten(
    database: Between, settings: Settings, way: Way
) -> None:
    logins = opened(database)
    first = await by_a_token(logins, claims())
    before = database.readings
    logins.forget()
    assert [await way(logins, claims()) for _ in range(3)] == [first] * 3
    assert database.readings == before + 1
    await deactivated(settings)
    assert await way(logins, claims()) == first
    logins.forget()
    with pytest.raises(LoginGeweigerd):
        await way(logins, claims())


@each_way
async def test_a_login_that_is_kept_for_no_time_is_read_each_time(
    database: Between, settings: Settings, way: Way
) -> None:
    logins = opened(database, keep_seconds=0)
    await by_a_token(logins, claims())
    before = database.readings
    for _ in range(3):
        await way(logins, claims())
    assert database.readings == before + 3
    await deactivated(settings)
    with pytest.raises(LoginGeweigerd):
        await way(logins, claims())


@each_way
async def test_a_login_that_is_forgotten_while_its_record_is_read_is_not_kept(
    database: Between, settings: Settings, way: Way
) -> None:
    logins = opened(database)
    await by_a_token(logins, claims())
    logins.forget()

    async def all_changes(_: object) -> None:
        database.meanwhile = None
        await deactivated(settings)
        logins.forget()

    database.meanwhile = all_changes
    # What was read just before is answered, and serves nobody after.
    await way(logins, claims())
    with pytest.raises(LoginGeweigerd):
        await way(logins, claims())


async def test_a_newer_token_that_says_otherwise_is_recorded_though_a_login_is_kept(database: Between) -> None:
    logins = opened(database)
    await logins(claims())
    await logins(claims(uitgegeven=5_000_000_000, naam="Vera van Vergunning"))
    with pytest.raises(LoginGeweigerd):
        await logins(claims())


async def test_who_was_never_recorded_stands_nowhere(database: Between) -> None:
    with pytest.raises(LoginGeweigerd):
        await opened(database).current("99999999-9999-4999-8999-999999999999")
