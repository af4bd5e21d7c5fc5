"""Statements as text for either database, and what the two say differently."""
