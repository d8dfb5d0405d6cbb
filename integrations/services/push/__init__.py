"""Items of the JSON channel put in their places, stream by stream."""
