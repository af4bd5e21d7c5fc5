"""Indexing existing rows again when the search rule has changed.

The texts that are searched never change, so this is in nobody's way, and what could be found before can still be
found.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, column, func, select, table, update

from app.domain.finding import search
from app.storage.schema.tables import SEARCHED, interne_taak, klantcontact

SINCE = "0008"
"""The version of the database from which rows have all columns that `catch_up` reads."""

_BATCH = 1000

_REGISTERED = func.coalesce(interne_taak.c.geregistreerde_handeling, interne_taak.c.gevraagde_handeling)
"""What a task asked for when it was registered, by which it is found. Before version 0008 it could not change."""


def _texts(name: str, handeling: ColumnElement[str] = _REGISTERED) -> Select[Any]:
    """A SELECT of the id of each row, the stored search words, and then the texts to search, in the order of the
    words.
    """
    of, contact = SEARCHED[name], klantcontact.c
    if of is klantcontact:
        return select(contact.id, contact.zoekwoorden, contact.nummer, contact.onderwerp, contact.inhoud)
    own = (of.c.id, of.c.zoekwoorden, of.c.nummer, contact.nummer, handeling, of.c.toelichting)
    rows = select(*own, contact.onderwerp, contact.inhoud)
    return rows.join_from(of, klantcontact, contact.id == of.c.klantcontact_id)


def reindex(
    connection: Connection,
    name: str,
    after: str | int,
    upto: str | int,
    handeling: ColumnElement[str] = _REGISTERED,
) -> None:
    """Index the rows of a table again whose id is above `after` and not above `upto`. `handeling` is what tasks
    asked for when they were registered, in the columns that the database has at that moment.
    """
    id_ = SEARCHED[name].c.id
    _reindex(connection, name, _texts(name, handeling).where(id_ > after, id_ <= upto))


def catch_up(connection: Connection) -> int:
    """Index up to a thousand rows of each table that an older program stored; returns how many there were."""
    indexed = 0
    for name, of in SEARCHED.items():
        indexed += _reindex(connection, name, _texts(name).where(of.c.zoekversie.is_(None)).limit(_BATCH))
    return indexed


def _reindex(connection: Connection, name: str, rows: Select[Any]) -> int:
    of = SEARCHED[name]
    stored = connection.execute(rows.where(of.c.zoekversie.is_distinct_from(search.VERSION))).all()
    if not stored:
        return 0
    indexed = [(id_, before, search.index(*texts)) for id_, before, *texts in stored]
    versioned = update(of).where(of.c.id == bindparam("of_id"))
    versioned = versioned.values(zoekwoorden=bindparam("words"), zoekversie=search.VERSION)
    connection.execute(versioned, [{"of_id": id_, "words": words} for id_, _, words in indexed])
    changed = [{"id": id_} for id_, before, words in indexed if words != before]
    if changed and connection.dialect.name == "sqlite":
        # SQLite's index cannot change an entry: the row gets a second number, under which its new words are added.
        connection.execute(table(f"{name}_zoekregel", column("id")).insert(), changed)
    return len(stored)
