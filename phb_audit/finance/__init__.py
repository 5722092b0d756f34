"""Finance: what budgets cost, what they bought, who has them and what came of it, from the ledger up.

Every function reads the warehouse and returns a plain frame of a table described in `phb_audit.tables.finance`. Money adds up to
the ledger to the penny. Nothing here stores anything, decides anything or speaks of a person's conduct.
"""
