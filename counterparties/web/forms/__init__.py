"""What people may ask of the pages of clients; one module for each noun."""
