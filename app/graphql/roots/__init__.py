"""The root types Query, Mutation and Subscription, and the result types of mutations."""
