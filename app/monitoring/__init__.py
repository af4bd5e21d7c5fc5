"""Monitoring of the server: metrics ("figures"), traces and health checks.

Metrics and traces hold no personal data, free text or token, and no label comes from what a client sent.
"""
