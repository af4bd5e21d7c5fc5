"""GraphQL over the wire. Nothing here knows of contacts and tasks: it is handed a schema and who may come in."""
