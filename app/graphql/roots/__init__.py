"""The three roots of the schema, and the results of deeds."""
