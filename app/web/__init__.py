"""Web pages that the server serves. Each has a folder here, which `scripts/setup` builds into `static`."""
