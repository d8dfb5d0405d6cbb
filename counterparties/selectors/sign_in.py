"""Which company a person may sign in through."""

from counterparties.models import CompanySignIn


def company_sign_in_for(email: str) -> CompanySignIn | None:
    """The sign-in of the address's mail domain; whether the person is known plays no part."""
    domain = email.strip().lower().rpartition("@")[2]
    return (
        CompanySignIn.objects.select_related("holding", "app")
        .filter(email_domain=domain, is_active=True, holding__is_active=True)
        .first()
    )
