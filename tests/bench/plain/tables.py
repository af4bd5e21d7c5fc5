"""The tables of the plain server."""

from typing import Any

from sqlalchemy import ForeignKey, Index, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """The tables."""


class EenheidRow(Base):
    """A department."""

    __tablename__ = "eenheid"
    id: Mapped[str] = mapped_column(primary_key=True)
    naam: Mapped[str]


class MedewerkerRow(Base):
    """An employee."""

    __tablename__ = "medewerker"
    id: Mapped[str] = mapped_column(primary_key=True)
    naam: Mapped[str]


class KlantcontactRow(Base):
    """A contact."""

    __tablename__ = "klantcontact"
    id: Mapped[str] = mapped_column(primary_key=True)
    nummer: Mapped[str]
    geregistreerd_op: Mapped[str]
    kanaal: Mapped[str]
    initiatiefnemer: Mapped[str]
    onderwerp: Mapped[str]
    inhoud: Mapped[str]
    medewerker_id: Mapped[str] = mapped_column(ForeignKey("medewerker.id"))
    eenheid_id: Mapped[str] = mapped_column(ForeignKey("eenheid.id"))


class InterneTaakRow(Base):
    """A task."""

    __tablename__ = "interne_taak"
    id: Mapped[str] = mapped_column(primary_key=True)
    nummer: Mapped[str]
    geregistreerd_op: Mapped[str]
    klantcontact_id: Mapped[str] = mapped_column(ForeignKey("klantcontact.id"), index=True)
    eenheid_id: Mapped[str] = mapped_column(ForeignKey("eenheid.id"))
    medewerker_id: Mapped[str | None] = mapped_column(ForeignKey("medewerker.id"))
    volgnummer: Mapped[int]
    versie: Mapped[int]
    status: Mapped[str]
    gevraagde_handeling: Mapped[str]
    toelichting: Mapped[str]
    __table_args__ = (
        Index("ix_postvak", "eenheid_id", "status", "geregistreerd_op", "id"),
        Index("ix_volgnummer", "eenheid_id", "volgnummer"),
    )


def columns(row: Base) -> dict[str, Any]:
    """The values of a row by the names of their columns."""
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def make(file: str, eenheid_ids: list[str], medewerker_ids: list[str]) -> None:
    """Make a SQLite file with departments and with an employee for each. Readers and the writer do not block each
    other there, as with ours.
    """
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        for number, (eenheid_id, medewerker_id) in enumerate(zip(eenheid_ids, medewerker_ids, strict=True)):
            session.add(EenheidRow(id=eenheid_id, naam=f"Afdeling A{number:03}"))
            session.add(MedewerkerRow(id=medewerker_id, naam=f"Karin Kok A{number:03}"))
    engine.dispose()
