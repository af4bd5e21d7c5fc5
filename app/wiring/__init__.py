"""Builds the server from its settings: the only package that knows the concrete classes of every layer."""
