"""Texts, ids, moments and limits: the form in which they are stored, and the checks on them."""
