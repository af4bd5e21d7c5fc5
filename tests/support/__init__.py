"""What the tests share: a real server on loopback, people with tokens, and clients that speak to it."""
