"""A4: the account, its balance, and payments out of it."""
