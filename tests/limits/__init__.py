"""How much may be asked and held, and what hostile clients send."""
