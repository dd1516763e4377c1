"""Certificates for the tests, made with the openssl command (EC P-256)."""

import pathlib
import subprocess

_CA_CONFIG = """
[ca]
default_ca = test
[test]
database = {folder}/index.txt
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
"""


def openssl(*words):
    subprocess.run(
        ["openssl", *map(str, words)], check=True, capture_output=True
    )


class Certificate:
    """The files of one: `cert` and `key`."""

    def __init__(self, folder, name):
        self.cert = pathlib.Path(folder) / f"{name}.crt"
        self.key = pathlib.Path(folder) / f"{name}.key"


class Authority:
    """A certificate authority of our own, trusted by `--cacert ca.cert`."""

    def __init__(self, folder, name="ca"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(exist_ok=True)
        self._ca = Certificate(folder, name)
        self.cert = self._ca.cert
        openssl(
            *("req", "-x509", "-newkey", "ec", "-nodes"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-days", "30"),
            *("-subj", f"/CN=linkprobe test {name}"),
            *("-keyout", self._ca.key, "-out", self._ca.cert),
        )
        (self.folder / "index.txt").write_text("")
        (self.folder / "serial").write_text("01\n")
        self._config = self.folder / "ca.conf"
        self._config.write_text(_CA_CONFIG.format(folder=self.folder))

    def issue(self, name, *subjects, days=None, until=None):
        """A certificate for `subjects` ("DNS:...", "IP:...").

        Valid for `days` days, or from 2020 `until` (YYYYMMDDHHMMSSZ).
        """
        made = Certificate(self.folder, name)
        request = self.folder / f"{name}.csr"
        openssl(
            *("req", "-new", "-newkey", "ec", "-nodes"),
            *("-pkeyopt", "ec_paramgen_curve:P-256", "-subj", f"/CN={name}"),
            *("-addext", "subjectAltName=" + ",".join(subjects)),
            *("-keyout", made.key, "-out", request),
        )
        validity = ["-days", days or 30]
        if until:
            validity = ["-startdate", "20200101000000Z", "-enddate", until]
        openssl(
            *("ca", "-batch", "-notext", "-config", self._config),
            *("-cert", self._ca.cert, "-keyfile", self._ca.key),
            *validity,
            *("-in", request, "-out", made.cert),
        )
        return made
