"""СДЭК: what delivery by it costs (API 2.0)."""
