"""Pages that the server serves itself. Each is a folder here, which `scripts/setup` builds into `static`."""
