"""The rules of the hand-over, in plain Python: only the standard library is imported, and nothing does I/O."""
