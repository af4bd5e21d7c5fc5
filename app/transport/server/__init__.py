"""uvicorn's HTTP and WebSocket protocols, extended with limits, and with writes that do not wait."""
