"""Databases: transactions, locks, failures, migrations, triggers."""
