"""Letters that answer those of talks: read, freed of what they quote, fetched from a mailbox."""
