"""The demo: an embedded database with data, in which case C0534 is played once."""
