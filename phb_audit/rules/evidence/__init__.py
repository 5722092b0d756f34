"""A3: receipts and invoices."""
