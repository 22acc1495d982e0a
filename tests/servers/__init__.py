"""Real servers for tests: each test session starts its own, on free ports of loopback, and stops them."""
