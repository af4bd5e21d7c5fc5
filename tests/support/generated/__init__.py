"""Random but consistent data, and random but valid documents over the schema that ask for them."""
