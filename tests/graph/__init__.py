"""Tests of kb.graph, on both real graphs."""
