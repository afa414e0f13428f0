"""Channel access tokens v2.1: issued for a signed assertion, renewed before they end."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from pydantic import ValidationError
from tokui.errors import AuthError, ConfigError, Unanswered, Unavailable
from tokui_contracts.faults import Fault, FaultProxy
from tokui_contracts.line import LineSandbox
from tokui_line.settings import LineSettings

HANA = f"U{'a' * 32}"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
JWK = json.dumps(RSAAlgorithm.to_jwk(KEY, as_dict=True))


@pytest.fixture
def line(clock):
    with LineSandbox(now=clock, keys={"kid-1": PUBLIC.decode()}) as sandbox:
        sandbox.account.follow(HANA, displayName="はな")
        yield sandbox


@pytest.fixture
def signed(connect):
    """`signed(**settings)`: a connector that signs for its tokens."""

    def build(**settings):
        known = {"channel_id": "2000000002", "kid": "kid-1", "private_key": PEM}
        return connect(access_token=None, **{**known, **settings})

    return build


@pytest.mark.parametrize("key", [PEM, JWK])
def test_a_token_is_issued_once_and_used_for_all_calls(line, signed, parcel, key):
    account = signed(private_key=key)

    account.send(parcel())
    account.quota()

    assert line.issuer.issued == 1
    assert len(line.received) == 1


def test_a_token_is_renewed_before_it_ends(line, signed, clock):
    account = signed(valid_minutes=30)
    account.quota()

    clock.at += timedelta(minutes=24)
    account.quota()
    assert line.issuer.issued == 1

    clock.at += timedelta(minutes=2)
    account.quota()
    assert line.issuer.issued == 2


def test_a_token_that_was_withdrawn_is_renewed_at_the_next_try(line, signed, parcel):
    account = signed()
    account.send(parcel())
    line.issuer.revoke()

    with pytest.raises(Unavailable) as error:
        account.send(parcel(key="00000000-0000-4000-8000-000000000001"))
    assert not isinstance(error.value, Unanswered)

    account.send(parcel(key="00000000-0000-4000-8000-000000000001"))
    assert len(line.received) == 2


@pytest.mark.parametrize("wrong", [{"channel_id": "1"}, {"kid": "kid-2"}])
def test_a_claim_that_line_does_not_believe_is_an_auth_error(signed, parcel, wrong):
    with pytest.raises(AuthError, match="invalid_client"):
        signed(**wrong).send(parcel())


@pytest.mark.parametrize("key", ["secret", "{}", '{"kty": "RSA"}', PUBLIC.decode()])
def test_a_key_that_cannot_sign_is_a_config_error(signed, parcel, key):
    with pytest.raises(ConfigError, match="private_key") as error:
        signed(private_key=key).send(parcel())

    assert key not in str(error.value)


def test_too_many_tokens_are_explained(line, signed):
    for _ in range(30):
        signed().quota()

    with pytest.raises(AuthError, match="30 valid tokens"):
        signed().quota()


@pytest.mark.parametrize("kind", ["reset", "silent", "truncated", "broken", "garbage"])
def test_where_no_token_is_to_be_had_nothing_was_sent(line, signed, parcel, kind):
    with FaultProxy(line.url) as proxy:
        proxy.inject(Fault(kind))

        with pytest.raises(Unavailable) as error:
            signed(base_url=proxy.url).send(parcel())

    assert not isinstance(error.value, Unanswered)
    assert line.received == []


def test_neither_key_nor_token_shows(line, signed, caplog):
    caplog.set_level("DEBUG")
    account = signed()
    account.quota()

    heard = caplog.text + repr(account.settings) + repr(vars(account))
    assert not any(secret in heard for secret in ("BEGIN PRIVATE", "line-token-v2.1", line.token))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"channel_id": "1", "kid": "k"},
        {"access_token": "t", "kid": "k", "channel_id": "1", "private_key": "p"},
        {"access_token": "t", "provider": "a b"},
    ],
)
def test_there_is_one_way_in(settings):
    with pytest.raises(ValidationError):
        LineSettings.model_validate({"provider": "1", **settings})
