"""What stands in the log: which ids a record carries, and an error without what it says; and lines of their own."""
