"""Lists, page by page: filters, orders and positions, each page read from an index in the order of the list."""
