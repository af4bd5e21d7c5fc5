"""The tests: each name is a sentence of the contract."""
