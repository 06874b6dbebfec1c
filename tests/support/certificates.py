"""A certificate for 127.0.0.1 and who signed it, made for one test."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_KEY_USE = x509.KeyUsage(digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
                         key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)  # fmt: skip


def certified(folder: Path) -> Path:
    """A file with the key and certificate of 127.0.0.1; `ca.pem` beside it has who signed it."""
    folder.mkdir(parents=True, exist_ok=True)
    signer, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _name("an authority of tests")
    root = _begun(authority, authority, signer).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    root = root.add_extension(_KEY_USE, critical=True)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    leaf = _begun(_name("127.0.0.1"), authority, own).add_extension(address, critical=False)
    (folder / "ca.pem").write_bytes(root.sign(signer, SHA256()).public_bytes(Encoding.PEM))
    path = folder / "server.pem"
    key = own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key + leaf.sign(signer, SHA256()).public_bytes(Encoding.PEM))
    return path


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1)))  # fmt: skip
