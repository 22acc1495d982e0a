"""Tests of the project, laid out as the tree that they test."""
