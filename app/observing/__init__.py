"""Watching over the server: figures, traces, checks of its state, and the ids of requests.

Nothing here holds a text, a name or a token, and no label of a figure is made of what a client sent.
"""
