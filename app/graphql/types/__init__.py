"""The object types of the schema, each a table of fields over a record of the domain.

A plain field is the record's attribute of that name; a field with a resolver hangs on another object and is
loaded through the operation's loaders, one statement for a whole level. A field's annotation is what its
resolver returns, `graphql_type` is what it is in the schema.
"""
