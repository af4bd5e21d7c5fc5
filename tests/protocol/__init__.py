"""HTTP, WebSocket and server-sent events, and the documents that come over them."""
