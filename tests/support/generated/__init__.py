"""Random consistent data, and random valid documents that request them."""
