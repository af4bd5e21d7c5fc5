"""The use cases: each opens one transaction, applies the domain's rules, writes, and announces committed facts."""
