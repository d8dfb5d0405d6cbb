"""Acts of the exchange: sessions, uploads, loads, orders for 1C."""
