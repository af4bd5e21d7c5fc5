"""Monitoring of the server: metrics ("figures"), traces and health checks.

No metric or trace holds personal data, free text or a token, and no label of a metric comes from what a client
sent.
"""
