"""Tests of kb.resolve."""
