"""The office on disk: two encrypted files, the key slots, the ledger, and what proves that nothing was lost."""
