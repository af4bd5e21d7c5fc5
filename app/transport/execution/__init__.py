"""Execution of GraphQL requests, for every transport: reading documents, estimating their cost, running
operations.
"""
