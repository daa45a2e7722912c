"""Certificates for the fault server: one authority to trust, and every way to be untrusted."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class _Authority:
    name: x509.Name
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def called(cls, name: str) -> _Authority:
        return cls(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), ec.generate_private_key(ec.SECP256R1()))

    def sign(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, host: str | None, ends: datetime
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=60))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def make_contexts(directory: Path, domain: str) -> tuple[dict[str, ssl.SSLContext], Path]:
    """A server context for each TLS fault, and the file of the one authority to trust."""
    trusted, unknown = _Authority.called("trusted"), _Authority.called("unknown")
    soon, ago = datetime.now(UTC) + timedelta(days=30), datetime.now(UTC) - timedelta(days=1)
    root = directory / "root.pem"
    root.write_bytes(trusted.sign(trusted.name, trusted.key, None, soon).public_bytes(serialization.Encoding.PEM))
    kinds = {
        "tls-good": (trusted, f"tls-good.{domain}", soon),
        "tls-expired": (trusted, f"tls-expired.{domain}", ago),
        "tls-wrong-host": (trusted, "other.test", soon),
        "tls-unknown-authority": (unknown, f"tls-unknown-authority.{domain}", soon),
        "tls-self-signed": (None, f"tls-self-signed.{domain}", soon),
        "tls-reset-in-answer": (trusted, f"tls-reset-in-answer.{domain}", soon),
    }
    return {name: _context(directory, name, *kind) for name, kind in kinds.items()}, root


def _context(directory: Path, name: str, authority: _Authority | None, host: str, ends: datetime) -> ssl.SSLContext:
    leaf = _Authority.called(host)
    certificate = (authority or leaf).sign(leaf.name, leaf.key, host, ends)
    path = directory / f"{name}.pem"
    path.write_bytes(
        leaf.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
