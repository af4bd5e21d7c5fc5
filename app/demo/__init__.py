"""The demo: an embedded database with data, and the case played once."""
