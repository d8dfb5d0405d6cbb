"""What all CRM systems have in common: signing, limits, mapping and what is written to them."""
