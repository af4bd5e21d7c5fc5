"""Plans: GraphQL documents, compiled to what they read from a database and to a function that writes their answer.

This package knows nothing of the application: what a field needs is declared beside the field.
"""
