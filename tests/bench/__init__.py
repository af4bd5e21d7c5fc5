"""Measures this server beside the plain way of building one: `scripts/bench`."""
