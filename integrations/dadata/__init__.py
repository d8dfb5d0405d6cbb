"""DaData: a directory of companies by ИНН. Off until a key is set."""
