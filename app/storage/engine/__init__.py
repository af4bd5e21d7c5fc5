"""Access to the database: connections, transactions, snapshots, time limits and the errors that can occur."""
