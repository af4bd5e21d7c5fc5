"""GraphQL over HTTP, server-sent events and WebSocket. The code is generic: it gets the schema and the
authentication passed in, and knows nothing of contacts and tasks.
"""
