"""The tables, the triggers that keep some of them, and which department sees what."""
