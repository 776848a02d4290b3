"""What is remembered: the ledger, locks and work folders."""
