"""Shared by the tests: a real server on loopback, people with tokens, and clients."""
