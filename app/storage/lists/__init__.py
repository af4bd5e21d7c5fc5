"""Lists page by page: filters, orders and positions, each read from the index that has it."""
