"""The tables, the triggers that maintain some of them, and which department may see what."""
