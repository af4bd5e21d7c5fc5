"""The input types of the schema, and their conversion to the domain's objects."""
