"""Plans: documents compiled to what they need of a database and to the function that writes their answer.

Knows nothing of what is asked for: what a field needs is declared beside the field.
"""
