"""Live delivery: hints over the broker, one relay per process, and the hub that followers read from."""
