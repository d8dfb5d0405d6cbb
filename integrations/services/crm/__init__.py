"""Writing clients and orders into CRM systems, and taking managers and segments from there."""
