"""The GraphQL API: types, inputs, roots and results, who is let in, and errors. It knows no way over the wire."""
