"""The GraphQL API: types, inputs, root fields, results, sessions and errors. Independent of the transports."""
