"""What the ledger stores, one file per kind of thing: plans and lists, workbooks sent, what was returned."""
