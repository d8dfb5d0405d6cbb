"""CommerceML files into records: streaming, whatever the dialect."""
