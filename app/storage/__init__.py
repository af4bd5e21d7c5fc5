"""Tables, queries, transactions and migrations. No other package uses SQLAlchemy."""
