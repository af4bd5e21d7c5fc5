"""Who calls: from a signed token to what it says, by a well-kept library."""
