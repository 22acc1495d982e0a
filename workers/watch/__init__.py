"""The watched folder: files that are complete go to the archive and into the ledger. Nothing here parses an article."""
