"""The append-only ledger of money."""
