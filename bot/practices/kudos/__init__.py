"""Kudos: a colleague is thanked for a conversation."""
