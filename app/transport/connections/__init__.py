"""Open connections: their number, the bytes that may wait on them, how long they last, and when they are closed."""
