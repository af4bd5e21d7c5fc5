"""GraphQL over HTTP: reading a request, and answering it with JSON or with a stream of events."""
