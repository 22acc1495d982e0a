"""Commands of the running system, one module for what belongs together."""
