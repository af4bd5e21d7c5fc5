"""Small general tools, which do not depend on the rest of the program."""
