"""The web pages: what a person watches, on loopback, behind the printed token."""
