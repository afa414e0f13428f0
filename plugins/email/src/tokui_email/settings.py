"""What e-mail connections are configured with."""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)
from tokui.connector import Settings

from tokui_email.address import route
from tokui_email.webhook import verifier


def _own(address: str) -> str:
    try:
        found = route(address)
    except ValueError:
        raise ValueError("is no e-mail address such as shop@shop.example") from None
    if found.utf8:
        raise ValueError("must be in ASCII before the @")
    return found.envelope


def _https(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or not url.isascii() or parts.fragment:
        raise ValueError("is no https:// address")
    return url


def _public_key(text: str) -> str:
    verifier(text)
    return text


OwnAddress = Annotated[str, StringConstraints(max_length=254), AfterValidator(_own)]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class MailSettings(Settings):
    """What every way of sending e-mail is configured with."""

    from_address: OwnAddress = Field(description="Address that e-mails come from.")
    from_name: Name | None = Field(
        None, description="Name that e-mails come from; without it, that of `[sender]`."
    )
    reply_to: OwnAddress | None = Field(
        None, description="Address that replies go to; without it, `from_address`."
    )
    unsubscribe_address: OwnAddress | None = Field(
        None,
        description="Address that takes requests to unsubscribe; marketing e-mail needs it. It "
        "must arrive in the `maildir` of an `smtp` connection.",
    )
    unsubscribe_url: Annotated[str, AfterValidator(_https)] | None = Field(
        None,
        max_length=500,
        description="Page that takes one-click requests to unsubscribe (RFC 8058), if there is one.",
    )
    signing_key: SecretStr | None = Field(
        None,
        min_length=32,
        description="Secret of 32 characters or more that seals unsubscribe links and marks bounces. "
        "With another one, the links in mails already sent stop working.",
    )
    list_domain: (
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")] | None
    ) = Field(
        None,
        description="Domain of the List-Id; without it, that of `from_address`.",
    )

    @model_validator(mode="after")
    def _sealed(self) -> Self:
        if self.unsubscribe_address and not self.signing_key:
            raise ValueError("unsubscribe_address needs a signing_key")
        if self.unsubscribe_url and not self.unsubscribe_address:
            raise ValueError("unsubscribe_url needs an unsubscribe_address beside it")
        return self

    @property
    def domain(self) -> str:
        """Of `from_address`; our Message-IDs end with it."""
        return self.from_address.rpartition("@")[2]

    @property
    def secret(self) -> str | None:
        """The signing key in plain text."""
        return self.signing_key.get_secret_value() if self.signing_key else None


class DkimSettings(BaseModel):
    """How e-mails are signed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    selector: str = Field(
        pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$",
        description="Selector: the public key stands in DNS at SELECTOR._domainkey.DOMAIN.",
    )
    key: SecretStr = Field(description="Private RSA key, PEM.")
    domain: str | None = Field(
        None,
        pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$",
        description="Signing domain; without it, that of `from_address`.",
    )


class SmtpSettings(MailSettings):
    """The table `[connections.NAME]` with `use = "smtp"`."""

    host: str = Field(pattern=r"^[^\s/:@]+$|^\[[0-9a-f:]+\]$", description="Mail server.")
    port: int = Field(587, ge=1, le=65_535, description="Its port.")
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="`starttls`, or `tls` from the first byte (port 465); certificates are verified. "
        "`none` is for a server on this machine only.",
    )
    ca_file: Path | None = Field(
        None, description="Certificates to trust instead of the system's, PEM."
    )
    username: str | None = Field(
        None, description="Name to log in with; none, if there is no login."
    )
    password: SecretStr | None = Field(None, description="Its password.")
    timeout_s: float = Field(
        30, gt=0, le=600, description="Seconds that the server may take for each step."
    )
    answer_s: float = Field(
        120,
        gt=0,
        le=600,
        description="Seconds that it may take to accept a whole message. What is not answered by "
        "then is `unknown`.",
    )
    messages_per_connection: int = Field(
        100, ge=1, le=10_000, description="Messages after which a new connection is made."
    )
    bounce_address: OwnAddress | None = Field(
        None,
        description="Address that bounces go to; `+` and a mark of the message is added to it. "
        "Without it, they go to `from_address`.",
    )
    dkim: DkimSettings | None = Field(
        None, description="Sign e-mails here, where the server does not: selector, key, domain."
    )
    maildir: Path | None = Field(
        None,
        description="Folder (maildir) in which bounces, complaints and requests to unsubscribe arrive. "
        "It is read, and never changed.",
    )
    inbound_secret: SecretStr | None = Field(
        None,
        min_length=16,
        description="Secret that single mails are signed with which somebody hands over.",
    )
    soft_bounces: int = Field(
        3,
        ge=0,
        le=100,
        description="Temporary failures after which an address gets nothing more; 0 means never.",
    )
    soft_days: int = Field(30, ge=1, le=366, description="Within so many days.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("username and password go together")
        if self.bounce_address and not self.signing_key:
            raise ValueError("bounce_address needs a signing_key")
        if self.bounce_address and len(self.bounce_address.partition("@")[0]) > 15:
            raise ValueError(
                "bounce_address may have 15 characters before the @, for a mark follows"
            )
        if self.security == "none" and self.password:
            raise ValueError("a password is never sent without TLS: set security")
        return self


class SendGridSettings(MailSettings):
    """The table `[connections.NAME]` with `use = "sendgrid"`."""

    api_key: SecretStr = Field(
        min_length=1, description="API key with the permission Mail Send (`SG.…`)."
    )
    base_url: str = Field(
        "https://api.sendgrid.com",
        pattern=r"^https?://[^/\s]+$",
        description="`https://api.eu.sendgrid.com` for subusers in the EU.",
    )
    webhook_verifier: Annotated[str, AfterValidator(_public_key)] | None = Field(
        None, description="Verification key of the Signed Event Webhook, as SendGrid shows it."
    )
    tracking: bool = Field(
        False, description="Let SendGrid see who opens an e-mail and follows its links."
    )
