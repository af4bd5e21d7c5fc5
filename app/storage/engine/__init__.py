"""A database as it is used: connections, transactions, snapshots, how long is waited, what fails."""
