"""What lists can be narrowed to, and how a search text is read and compared."""
