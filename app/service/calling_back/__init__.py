"""Calling back: whom a contact was with, and asking that they be called."""
