"""The use cases: each opens one transaction, asks the domain, writes, and announces what was committed."""
