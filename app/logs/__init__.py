"""Logging: the ids in each record, errors without their messages, and JSON lines written to a file of their own."""
