"""How a casebook is brought up to date in place: Alembic's steps, each run once, in order, in the transaction of whoever opens the book."""
