"""allauth's hooks for the second step (MFA_ADAPTER)."""

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.models import User
from accounts.sealing import seal, unseal
from accounts.web.second_factor import is_required


class MFAAdapter(DefaultMFAAdapter):
    """Secrets are sealed in the database; whoever must have a second step keeps the last one."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Портал дилера"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not is_required(authenticator.user, on=timezone.localdate()):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Ключ {number}"
