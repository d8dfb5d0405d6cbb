"""Items of the streams, as 1C writes them."""
