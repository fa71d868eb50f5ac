"""A certificate authority for the demo agency and for tests.

Its certificates carry a policy that says they are tests: validation shows them as having no legal value. The keys of
the authority itself lie unencrypted in the folder (mode 0600); those of people and seals are encrypted with their PIN.
"""

import datetime as dt
import os
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing import keys, pictures
from signing.model import TEST_POLICY

COUNTRY = "VN"
AUTHORITY = "Mộc thử nghiệm"
TSA, ROOT_KEY, TSA_KEY = "tsa.pem", "root.key.pem", "tsa.key.pem"
KEY_BITS = 2048

_SIGNS = {"digital_signature": True, "content_commitment": True}
_CERTIFIES = {"key_cert_sign": True, "crl_sign": True}


def make_authority(folder: pathlib.Path, *, valid_from: dt.datetime, valid_until: dt.datetime) -> None:
    """Root, time-stamp authority and an empty revocation list in `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root_key, name = _new_key(), _name("Cơ quan chứng thực thử nghiệm Mộc", AUTHORITY)
    draft = _draft(
        subject=name,
        issuer=name,
        key=root_key.public_key(),
        valid_from=valid_from,
        valid_until=valid_until,
        usage=_CERTIFIES,
    )
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = draft.sign(root_key, hashes.SHA256())
    _write_pem(folder / keys.ROOT, root)
    _write_key(folder / ROOT_KEY, root_key, pin=None)
    tsa_key = _new_key()
    stamp = _draft(
        subject=_name("Dấu thời gian thử nghiệm Mộc", AUTHORITY),
        issuer=name,
        key=tsa_key.public_key(),
        valid_from=valid_from,
        valid_until=valid_until,
        usage=_SIGNS,
    )
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    _write_pem(folder / TSA, stamp.add_extension(purpose, critical=True).sign(root_key, hashes.SHA256()))
    _write_key(folder / TSA_KEY, tsa_key, pin=None)
    _write_crl(folder, [])


def issue_person(
    folder: pathlib.Path, *, username: str, full_name: str, title: str, organization: str, pin: str
) -> None:
    """A person's certificate, key (encrypted with `pin`) and signature picture."""
    subject = _name(full_name, organization, (NameOID.TITLE, title), (NameOID.USER_ID, username))
    _issue(folder, folder / keys.PEOPLE / username, subject, pin=pin, image=pictures.signature(full_name))


def issue_seal(
    folder: pathlib.Path, *, code: str, organization: str, seal_text: str, identifier: str, pin: str
) -> None:
    """An agency's seal certificate, key and seal picture; `seal_text` runs along the ring, `identifier` is the
    agency's code in exchange (it tells a seal from a person: ETSI EN 319 412-3, 4.2.1)."""
    subject = _name(organization, organization, (NameOID.ORGANIZATION_IDENTIFIER, identifier))
    _issue(folder, folder / keys.SEALS / code, subject, pin=pin, image=pictures.seal(seal_text))


def revoke(folder: pathlib.Path, *, username: str, at: dt.datetime) -> None:
    """Puts a person's certificate on the revocation list, from `at` on."""
    certificate = x509.load_pem_x509_certificate((folder / keys.PEOPLE / username / keys.CERTIFICATE).read_bytes())
    old = x509.load_der_x509_crl((folder / keys.CRL).read_bytes())
    entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number).revocation_date(at).build()
    _write_crl(folder, [*old, entry])


def _issue(folder: pathlib.Path, place: pathlib.Path, subject: x509.Name, *, pin: str, image: bytes) -> None:
    root = x509.load_pem_x509_certificate((folder / keys.ROOT).read_bytes())
    root_key = serialization.load_pem_private_key((folder / ROOT_KEY).read_bytes(), password=None)
    assert isinstance(root_key, rsa.RSAPrivateKey)  # noqa: S101 - made by make_authority
    own_key = _new_key()
    draft = _draft(
        subject=subject,
        issuer=root.subject,
        key=own_key.public_key(),
        valid_from=root.not_valid_before_utc,
        valid_until=root.not_valid_after_utc,
        usage=_SIGNS,
    )
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_pem(place / keys.CERTIFICATE, draft.sign(root_key, hashes.SHA256()))
    _write_key(place / keys.KEY, own_key, pin=pin)
    (place / keys.IMAGE).write_bytes(image)


def _draft(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    key: rsa.RSAPublicKey,
    valid_from: dt.datetime,
    valid_until: dt.datetime,
    usage: dict[str, bool],
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid_from)
        .not_valid_after(valid_until)
        .add_extension(_key_usage(usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(TEST_POLICY), None)]),
            critical=False,
        )
    )


def _key_usage(usage: dict[str, bool]) -> x509.KeyUsage:
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign "
        "crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: usage.get(name, False) for name in names.split()})


def _name(common_name: str, organization: str, *more: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    parts = [(NameOID.COUNTRY_NAME, COUNTRY), (NameOID.ORGANIZATION_NAME, organization), *more]
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in [*parts, (NameOID.COMMON_NAME, common_name)]])


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _write_crl(folder: pathlib.Path, entries: list[x509.RevokedCertificate]) -> None:
    """One list for the authority's whole life: it is read from the folder, never fetched."""
    root = x509.load_pem_x509_certificate((folder / keys.ROOT).read_bytes())
    root_key = serialization.load_pem_private_key((folder / ROOT_KEY).read_bytes(), password=None)
    assert isinstance(root_key, rsa.RSAPrivateKey)  # noqa: S101 - made by make_authority
    draft = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(root.not_valid_before_utc)
        .next_update(root.not_valid_after_utc)
        .add_extension(x509.CRLNumber(len(entries) + 1), critical=False)
    )
    for entry in entries:
        draft = draft.add_revoked_certificate(entry)
    signed = draft.sign(root_key, hashes.SHA256())
    (folder / keys.CRL).write_bytes(signed.public_bytes(serialization.Encoding.DER))


def _write_pem(path: pathlib.Path, certificate: x509.Certificate) -> None:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


def _write_key(path: pathlib.Path, key: rsa.RSAPrivateKey, *, pin: str | None) -> None:
    secret: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if pin is not None:
        secret = serialization.BestAvailableEncryption(pin.encode())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(pem)
