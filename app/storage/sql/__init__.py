"""SQL text for both kinds of database, and the differences between the two."""
