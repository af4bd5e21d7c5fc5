"""GraphQL over WebSocket: the messages of the protocol graphql-transport-ws, and the operations of a socket."""
