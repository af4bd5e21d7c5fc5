"""The input types of the schema, and their way into the domain."""
