"""What is written: registrations, transitions and their facts, departments and employees, leases."""
