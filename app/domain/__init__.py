"""The rules of the hand-over, in plain Python: they import the standard library only and touch nothing."""
