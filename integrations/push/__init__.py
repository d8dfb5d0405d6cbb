"""The JSON channel of 1C: what it may send, stream by stream."""
