"""Texts, ids, moments and limits: the forms in which they are kept, and what is refused."""
