"""Authentication: checks signed tokens (JWT) with a maintained library, and reads who calls from their claims."""
