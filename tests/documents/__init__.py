"""What the documents, the recipes for clients, the schema and the pages say."""
