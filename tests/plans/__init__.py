"""Plans answer as graphql-core does, byte for byte."""
