"""Tests of the screens in a real browser: scripts/test-web runs them."""
