"""The GraphQL API: types, roots, inputs, results; and in `transport` its ways over the wire."""
