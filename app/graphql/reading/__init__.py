"""How fields are read: they say what they need; plans join it, loaders read it, or it is at hand."""
