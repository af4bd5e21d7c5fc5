"""Filters of lists, and how a search text is parsed and matched."""
