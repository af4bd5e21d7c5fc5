"""What the server is made of, by its settings: the one place that knows the concrete parts of every floor."""
