"""Whether a contract lets an order through."""

from datetime import date

from counterparties.models import Contract, ContractState


def contract_is_open(contract: Contract, *, on: date) -> bool:
    """Tell whether orders may be placed under the contract on a Moscow date; the last day counts."""
    return (
        contract.state == ContractState.ACTIVE
        and contract.date <= on
        and (contract.valid_until is None or on <= contract.valid_until)
    )
