"""Alembic's migrations of the database, and the rules that each of them keeps.

A migration is run while processes of the version before it serve, and they go on serving until the last of them was
replaced. Therefore:

1. **Expand.** A migration adds: tables, indexes, columns that may be empty or have a default of the database's own,
   triggers. It renames, narrows and removes nothing that a process that may still serve reads or writes. Statements
   name their columns, so that a new one disturbs no INSERT.
2. **Say who may serve.** `oldest_serving` is the oldest version whose program may serve the database after the
   migration: for one that only expands the `oldest_serving` of the migration before it. The database stores it
   (table `oldest_serving`). A process of such a version is ready (`migrations: degraded`); an older one is refused.
   What an older process merely hands out as it is stored (a kind of fact, an initiatiefnemer, a channel) may grow
   in a migration that expands. What its rules decide by (a status, a role, a rule of the domain itself) may not:
   such a migration names itself as `oldest_serving`.
3. **Backfill in batches.** `upgrade` is one transaction, short, and holds no lock for long: it changes no row that
   stands. Rows are filled `afterwards`, by a `Backfill`: some rows at a time, each batch in a transaction of its
   own, so that others write in between, and one that is broken off goes on where it was. A large index is an
   `Indexing`. A program is ready on its own version when all of this has been done.
4. **Right without us.** Older processes write rows while and after these are filled. A default, a trigger, or how
   the newer program reads an empty column must make such rows right; a backfill alone does not.
5. **Contract later.** What nothing reads any more goes in a later version, whose migration names as
   `oldest_serving` the version that stopped reading it.

A migration is one transaction and stands or fails as a whole; several are that many transactions.
"""
