"""Open connections: how many there may be, what may wait on them, how long each lasts, and when it is closed."""
