"""Calling back: whom a contact was with, how they can be reached, and the deeds that are about it."""
