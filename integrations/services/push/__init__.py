"""What came as JSON put in its place: batches, and a service for each stream."""
