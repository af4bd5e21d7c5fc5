"""The pages that the server serves: the screens and GraphiQL. `scripts/setup` builds them into `static`."""
