"""The site of docs/: its pages laid ready for mkdocs, with a reference made of the schema. See scripts/docs."""
