"""The plain way: Strawberry, Starlette, broadcaster and SQLAlchemy, put together as their documentation shows it.

    python -m tests.bench.plain PORT FILE

It answers the documents of `documents.py`, so that both servers do the same work: a registration is stored and
published, and a resolver per subscriber turns the message, which carries the whole row, into what was selected.
Nobody logs in. It runs on uvicorn with the options of ours.
"""

import json
import secrets
import sys
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

import strawberry
import uvicorn
from broadcaster import Broadcast
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL


class Base(DeclarativeBase):
    """The tables."""


class KlantcontactRow(Base):
    """A contact."""

    __tablename__ = "klantcontact"
    id: Mapped[str] = mapped_column(primary_key=True)
    nummer: Mapped[str]
    geregistreerd_op: Mapped[str]
    onderwerp: Mapped[str]
    inhoud: Mapped[str]


class InterneTaakRow(Base):
    """A task."""

    __tablename__ = "interne_taak"
    id: Mapped[str] = mapped_column(primary_key=True)
    klantcontact_id: Mapped[str] = mapped_column(ForeignKey("klantcontact.id"))
    eenheid_id: Mapped[str] = mapped_column(index=True)
    volgnummer: Mapped[int]
    versie: Mapped[int]
    status: Mapped[str]
    gevraagde_handeling: Mapped[str]
    toelichting: Mapped[str]


@strawberry.enum
class Status(Enum):
    """How far a task is."""

    TE_DOEN = "TE_DOEN"


@strawberry.enum
class Soort(Enum):
    """What happened."""

    GEREGISTREERD = "GEREGISTREERD"


@strawberry.type
class Medewerker:
    """An employee."""

    naam: str


@strawberry.type
class Klantcontact:
    """A contact."""

    id: strawberry.ID
    nummer: str
    geregistreerd_op: datetime
    onderwerp: str
    inhoud: str


@strawberry.type
class InterneTaak:
    """A task."""

    id: strawberry.ID
    versie: int
    status: Status
    gevraagde_handeling: str
    toelichting: str
    ontstaan_uit_klantcontact: Klantcontact


@strawberry.type
class Gebeurtenis:
    """What a subscriber is told."""

    volgnummer: int
    soort: Soort
    door: Medewerker
    interne_taak: InterneTaak


@strawberry.input
class InterneTaakInput:
    """A task to be registered."""

    gevraagde_handeling: str
    toelichting: str
    organisatorische_eenheid_id: strawberry.ID


@strawberry.input
class RegistreerKlantcontactInput:
    """A contact to be registered with its tasks."""

    onderwerp: str
    inhoud: str
    interne_taken: list[InterneTaakInput]


@strawberry.type
class KlantcontactGeregistreerd:
    """The answer to a registration."""

    klantcontact: Klantcontact


@dataclass(frozen=True)
class Context:
    """What the resolvers work with."""

    sessions: async_sessionmaker[AsyncSession]
    broadcast: Broadcast


Info = strawberry.Info[Context, None]


@strawberry.type
class Query:
    """Reading; nothing is measured of it."""

    kanalen: list[str] = strawberry.field(resolver=lambda: ["Telefoon"])


@strawberry.type
class Mutation:
    """Registering."""

    @strawberry.mutation
    async def registreer_klantcontact(
        self, info: Info, input: RegistreerKlantcontactInput
    ) -> KlantcontactGeregistreerd:
        """Store a contact with its tasks, and tell those who follow the departments."""
        async with info.context.sessions.begin() as session:
            contact = KlantcontactRow(
                id=str(uuid.uuid4()),
                nummer=str(secrets.randbelow(9 * 10**9) + 10**9),
                geregistreerd_op=datetime.now(UTC).isoformat(),
                onderwerp=input.onderwerp,
                inhoud=input.inhoud,
            )
            session.add(contact)
            await session.flush()
            taken = [await _add(session, contact, taak) for taak in input.interne_taken]
        for taak in taken:
            message = json.dumps({"taak": _columns(taak), "klantcontact": _columns(contact)})
            await info.context.broadcast.publish(channel=taak.eenheid_id, message=message)
        return KlantcontactGeregistreerd(klantcontact=_contact(_columns(contact)))


@strawberry.type
class Subscription:
    """Following."""

    @strawberry.subscription
    async def postvak(
        self, info: Info, organisatorische_eenheid_id: strawberry.ID, na: int | None = None
    ) -> AsyncGenerator[Gebeurtenis, None]:
        """Every registration for a department from now on: there is no going back to `na` this way."""
        async with info.context.broadcast.subscribe(channel=organisatorische_eenheid_id) as subscriber:
            async for event in subscriber:  # type: ignore[union-attr] # broadcaster says that there may be none
                yield _gebeurtenis(json.loads(event.message))  # type: ignore[union-attr]


async def _add(session: AsyncSession, contact: KlantcontactRow, asked: InterneTaakInput) -> InterneTaakRow:
    eenheid_id = asked.organisatorische_eenheid_id
    last = select(func.max(InterneTaakRow.volgnummer)).where(InterneTaakRow.eenheid_id == eenheid_id)
    taak = InterneTaakRow(
        id=str(uuid.uuid4()),
        klantcontact_id=contact.id,
        eenheid_id=eenheid_id,
        volgnummer=(await session.scalar(last) or 0) + 1,
        versie=1,
        status=Status.TE_DOEN.value,
        gevraagde_handeling=asked.gevraagde_handeling,
        toelichting=asked.toelichting,
    )
    session.add(taak)
    return taak


def _columns(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _contact(row: dict[str, Any]) -> Klantcontact:
    return Klantcontact(**row | {"geregistreerd_op": datetime.fromisoformat(row["geregistreerd_op"])})


def _gebeurtenis(message: dict[str, Any]) -> Gebeurtenis:
    taak = message["taak"]
    return Gebeurtenis(
        volgnummer=taak["volgnummer"],
        soort=Soort.GEREGISTREERD,
        door=Medewerker(naam="Karin Kok"),
        interne_taak=InterneTaak(
            id=taak["id"],
            versie=taak["versie"],
            status=Status(taak["status"]),
            gevraagde_handeling=taak["gevraagde_handeling"],
            toelichting=taak["toelichting"],
            ontstaan_uit_klantcontact=_contact(message["klantcontact"]),
        ),
    )


class View(GraphQL[Context, None]):
    """Strawberry's own ASGI application, with the context that the resolvers need."""

    context: Context

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """The same for every request."""
        return self.context


async def _prepare(engine: AsyncEngine) -> None:
    """Make the tables. Readers and the writer do not block each other then, as with ours."""
    async with engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)


def create_app(file: str) -> Starlette:
    """The server as an ASGI application, on a SQLite file that is made when it starts."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    broadcast = Broadcast("memory://")
    view = View(strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription))
    view.context = Context(async_sessionmaker(engine, expire_on_commit=False), broadcast)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await _prepare(engine)
        async with broadcast:
            yield
        await engine.dispose()

    routes = [Route("/graphql", view), WebSocketRoute("/graphql", view)]
    return Starlette(routes=routes, lifespan=lifespan)


def main(port: int, file: str) -> None:
    """Serve on loopback."""
    uvicorn.run(
        create_app(file),
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
