"""Small changes that break the program, made one at a time, to see whether a test notices: `scripts/mutants`."""
