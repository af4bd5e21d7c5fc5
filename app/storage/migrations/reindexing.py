"""Indexing existing rows again when the search rule has changed.

The texts that are searched never change, so this is in nobody's way, and what could be found before can still be
found.
"""

from typing import Any

from sqlalchemy import Connection, Select, bindparam, column, func, select, table, update

from app.domain.finding import search
from app.storage.schema.tables import SEARCHED, interne_taak, klantcontact

SINCE = "0007"
"""The version of the database from which rows store the version of the rule that indexed them."""

_BATCH = 1000

_TEXTS: dict[str, Select[Any]] = {
    "klantcontact": select(
        klantcontact.c.id,
        klantcontact.c.zoekwoorden,
        klantcontact.c.nummer,
        klantcontact.c.onderwerp,
        klantcontact.c.inhoud,
    ),
    "interne_taak": select(
        interne_taak.c.id,
        interne_taak.c.zoekwoorden,
        interne_taak.c.nummer,
        klantcontact.c.nummer,
        func.coalesce(interne_taak.c.geregistreerde_handeling, interne_taak.c.gevraagde_handeling),
        interne_taak.c.toelichting,
        klantcontact.c.onderwerp,
        klantcontact.c.inhoud,
    ).join_from(interne_taak, klantcontact, klantcontact.c.id == interne_taak.c.klantcontact_id),
}
"""A SELECT for each table: the id, the stored search words, and then the texts to search, in the order of the
words.
"""


def reindex(connection: Connection, name: str, after: str | int, upto: str | int) -> None:
    """Index the rows of a table again whose id is above `after` and not above `upto`."""
    id_ = SEARCHED[name].c.id
    _reindex(connection, name, _TEXTS[name].where(id_ > after, id_ <= upto))


def catch_up(connection: Connection) -> int:
    """Index up to a thousand rows of each table that an older program stored; returns how many there were."""
    indexed = 0
    for name, of in SEARCHED.items():
        indexed += _reindex(connection, name, _TEXTS[name].where(of.c.zoekversie.is_(None)).limit(_BATCH))
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
