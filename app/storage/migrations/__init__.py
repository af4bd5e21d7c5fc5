"""Alembic's migrations of the database, and the rules that each migration follows.

A migration runs while processes of the previous version serve, and these go on serving until the last of them has
been replaced. Therefore:

1. **Expand.** A migration adds: tables, indexes, triggers, and columns that may be NULL or have a default in the
   database. It renames, narrows and removes nothing that a process that may still serve reads or writes. Every
   INSERT names its columns, so that a new column does not break it.
2. **Say who may serve.** `oldest_serving` is the oldest version whose program may serve the database after the
   migration. A migration that only expands repeats the `oldest_serving` of the one before it. The database has it
   in the table `oldest_serving`. A process of that version or newer is ready (`migrations: degraded`); an older one
   is refused. Values that an older process returns as they are stored (a kind of fact, an initiatiefnemer, a
   channel) may grow in a migration that expands. Values that its rules depend on (a status, a role, a rule of the
   domain itself) may not: such a migration names itself as `oldest_serving`.
3. **Backfill in batches.** `upgrade` is one short transaction that holds no lock for long: it changes no existing
   row. Existing rows are filled `afterwards`, by a `Backfill`, in batches. Each batch is a transaction of its own,
   so that others can write in between, and an interrupted backfill continues where it was. A large index is an
   `Indexing`. A program is ready on its own version when all of this is done.
4. **Correct without a backfill.** Older processes write rows during and after the backfill. A default, a trigger,
   or the way in which the newer program reads an empty column must make such rows correct; a backfill alone does
   not.
5. **Contract later.** What nothing reads any more is removed in a later version. That migration names as
   `oldest_serving` the version that stopped reading it.

A migration is one transaction that succeeds or fails as a whole; several migrations are several transactions."""
