"""English words of orders' states, for letters."""

from orders.claim_states import ClaimKind, ClaimState
from orders.models import ListWatchKind
from orders.states import OrderState

ORDER_STATES: dict[OrderState, str] = {
    OrderState.ON_APPROVAL: "waits for approval",
    OrderState.SUBMITTED: "waits for confirmation",
    OrderState.ON_HOLD: "on hold",
    OrderState.CONFIRMED: "confirmed",
    OrderState.RESERVED: "goods are reserved",
    OrderState.PARTLY_SHIPPED: "shipped in part",
    OrderState.SHIPPED: "shipped",
    OrderState.COMPLETED: "completed",
    OrderState.CANCELLED: "cancelled",
    OrderState.REJECTED: "rejected",
}
CLAIM_KINDS: dict[ClaimKind, str] = {
    ClaimKind.SHORTAGE: "shortage",
    ClaimKind.DEFECT: "defect or damage",
    ClaimKind.MISGRADE: "wrong goods",
    ClaimKind.RETURN: "return",
}
CLAIM_STATES: dict[ClaimState, str] = {
    ClaimState.SUBMITTED: "filed",
    ClaimState.IN_WORK: "in work",
    ClaimState.APPROVED: "approved",
    ClaimState.APPROVED_PARTLY: "approved in part",
    ClaimState.REJECTED: "rejected",
    ClaimState.CREDITED: "the sum is credited",
    ClaimState.COMPLETED: "completed",
    ClaimState.WITHDRAWN: "withdrawn",
}
LIST_NEWS: dict[ListWatchKind, str] = {
    ListWatchKind.NEW: "new goods in the list",
    ListWatchKind.STOCK: "come into stock",
}
