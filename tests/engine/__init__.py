"""The tests of the rule engines."""
