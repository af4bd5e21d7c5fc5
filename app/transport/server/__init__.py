"""The HTTP and WebSocket server around the application: uvicorn, with what this project needs of it."""
