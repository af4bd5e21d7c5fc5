"""The GraphQL API: types, roots, inputs and results."""
