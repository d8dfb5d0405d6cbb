"""EnterpriseData 1.x: the other XML of 1C, read for counterparties, contracts and orders."""
