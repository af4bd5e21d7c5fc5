"""Who may do and see what: tokens, logins, roles, changes of rights, origins."""
