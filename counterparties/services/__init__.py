"""Writes of clients, their people and rights."""
