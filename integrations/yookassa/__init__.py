"""YooKassa API v3: online payment by card and СБП."""
