"""Reading: lists, filters, cursors, searching, look-ups, and how many statements they cost."""
