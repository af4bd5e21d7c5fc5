"""Tables, queries, transactions and migrations. SQLAlchemy is named here and nowhere else."""
