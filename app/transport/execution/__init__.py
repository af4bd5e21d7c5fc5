"""Executing what is asked, however it came: reading documents, measuring what they cost, and running operations."""
