"""Which goods people mean by the codes, names and quantities of their files, pastes and quick orders."""
