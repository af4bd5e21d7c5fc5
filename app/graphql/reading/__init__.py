"""How the fields of types get their data: each declares what it needs; a plan joins it, or a loader reads it, or a
transaction that just committed already has it.
"""
