"""Watching over the server: figures, traces, and checks of its state.

Nothing here holds a text, a name or a token, and no label of a figure is made of what a client sent.
"""
