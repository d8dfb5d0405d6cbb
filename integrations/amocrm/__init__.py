"""amoCRM v4: companies, contacts and leads."""
