"""Records into rows: staged with COPY, merged with a few statements per portion."""
