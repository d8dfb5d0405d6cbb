"""What other apps may want to know of clients and their people."""

from dataclasses import dataclass

from portal.outbox.events import Event


@dataclass(frozen=True, slots=True)
class InvitationSent(Event):
    """Somebody is called into a holding; `serial` tells letters of one invitation apart."""

    invitation_id: int
    serial: int

    @property
    def key(self) -> str:
        """Each letter goes out once."""
        return f"invitation:{self.invitation_id}:{self.serial}"


@dataclass(frozen=True, slots=True)
class StageRequested(Event):
    """A person asks for a stage of rights; those who manage people decide."""

    grant_id: int


@dataclass(frozen=True, slots=True)
class StageDecided(Event):
    """A stage was given, declined or taken away; the person is told."""

    grant_id: int
    state: str


@dataclass(frozen=True, slots=True)
class PersonDeactivated(Event):
    """A person works in the holding no more; `heir_id` is the user who takes his carts over."""

    user_id: int
    holding_id: int
    heir_id: int | None


@dataclass(frozen=True, slots=True)
class RegistrationStarted(Event):
    """Somebody filled in an application; his address is still to be confirmed."""

    registration_id: int

    @property
    def key(self) -> str:
        return f"registration-started:{self.registration_id}"


@dataclass(frozen=True, slots=True)
class RegistrationEntered(Event):
    """An application came on review."""

    registration_id: int

    @property
    def key(self) -> str:
        return f"registration-entered:{self.registration_id}"


@dataclass(frozen=True, slots=True)
class RegistrationDecided(Event):
    """An application was approved, rejected or blocked."""

    registration_id: int

    @property
    def key(self) -> str:
        return f"registration-decided:{self.registration_id}"


@dataclass(frozen=True, slots=True)
class AccessRequested(Event):
    """A person asks to be let into a client's cabinet; its heads and managers decide."""

    access_request_id: int

    @property
    def key(self) -> str:
        return f"access-requested:{self.access_request_id}"


@dataclass(frozen=True, slots=True)
class ChangeRequested(Event):
    """A client asks to change requisites."""

    change_request_id: int

    @property
    def key(self) -> str:
        return f"change-requested:{self.change_request_id}"


@dataclass(frozen=True, slots=True)
class ChangeDecided(Event):
    """A manager decided about a change of requisites; accepted values go to 1C by hand."""

    change_request_id: int

    @property
    def key(self) -> str:
        return f"change-decided:{self.change_request_id}"


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A person took back a consent; those who serve him must stop what it allowed."""

    consent_id: int

    @property
    def key(self) -> str:
        return f"consent-withdrawn:{self.consent_id}"


@dataclass(frozen=True, slots=True)
class VisitMessageSent(Event):
    """A manager wrote to the person in whose cabinet he had worked."""

    visit_id: int

    @property
    def key(self) -> str:
        return f"visit-message:{self.visit_id}"


@dataclass(frozen=True, slots=True)
class MessageWritten(Event):
    """Somebody has written into a talk; the other side is told, on the portal and by mail."""

    message_id: int

    @property
    def key(self) -> str:
        """Each message is told once."""
        return f"message:{self.message_id}"
