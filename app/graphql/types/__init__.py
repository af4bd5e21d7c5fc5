"""The object types of the schema. Each defines the fields of one kind of record of the domain.

A field without a resolver is the record's attribute with that name. A field with a resolver is another object,
which is loaded with the operation's loaders: one SQL statement for all objects of a level. The annotation of a
field is the type that its resolver returns; `graphql_type` is its type in the schema.
"""
