"""Execution of GraphQL requests: reading documents, estimating their cost, and running operations."""
