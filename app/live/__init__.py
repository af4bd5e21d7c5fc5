"""Live delivery of facts: hints over the broker, one relay per process, and the hub that subscribers read from."""
