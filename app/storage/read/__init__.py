"""Reading records as rows in the requested shape, with their related records, and reading the streams of facts."""
