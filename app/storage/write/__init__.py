"""Writing: registrations, changes of tasks with their facts, departments and employees, and leases of open
inboxes.
"""
