"""GraphQL over HTTP: reading a request, and answering it with JSON or with an event stream."""
