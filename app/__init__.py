"""Overdracht: the live hand-over register of a municipal contact centre."""

__version__ = "0.1.0"
