"""TLS: none where it is needed, the wrong one, refused ones."""

from faults.row import row
from steps import cache, keys, proxy
from steps.path import point
from topology import NOBODY, PORT, PRIMARY, TLS_PORT

REQUIRED = "TLS_REQUIRED ping redis 2"
NOT_OFFERED = "TLS_NOT_OFFERED tls redis 2"
DEAD_TARGET = "TLS_LISTENER_DEAD_TARGET ping target 2"

TLS = "--tls --cacert {cacert} --tls-name {cache_name}"
TLS_LISTENER = "ssl crt {pem}"

LOOKALIKES = (
    row(
        "plain_to_tls_redis",
        "the cache wants TLS, and gets a plain PING",
        point(PRIMARY, TLS_PORT),
        gives=REQUIRED,
    ),
    row(
        "plain_to_tls_listener",
        "the load balancer wants TLS, and gets a plain PING",
        proxy.listener(bind=TLS_LISTENER),
        gives=REQUIRED,
    ),
    row(
        "tls_to_plain_redis",
        "the cache is plain, and gets a ClientHello",
        gives=NOT_OFFERED,
        check=TLS,
    ),
    row(
        "tls_listener_dead_target",
        "the load balancer ends TLS, and has no target to give it to",
        proxy.listener(bind=TLS_LISTENER, to=(NOBODY, PORT)),
        gives=DEAD_TARGET,
        check=TLS,
    ),
    row(
        "tls_listener_tls_target",
        "the load balancer ends TLS, and the cache wants TLS, too",
        proxy.listener(bind=TLS_LISTENER, to=(PRIMARY, TLS_PORT)),
        gives=DEAD_TARGET,
        check=TLS,
    ),
)

CERTIFICATES = (
    row(
        "tls_hostname_mismatch",
        "the certificate is for the cache's name, the endpoint was dialled",
        gives="TLS_NAME_MISMATCH tls redis 2",
        says=("names in the certificate",),
        target="{endpoint}:6380",
        check="--tls --cacert {cacert}",
    ),
    row(
        "tls_expired",
        "the certificate has expired",
        cache.redis(tls=keys.expired),
        gives="TLS_EXPIRED tls redis 2",
        check=TLS,
    ),
    row(
        "tls_expires_soon",
        "the certificate has less than thirty days left",
        cache.redis(tls=keys.expires_soon),
        gives="TLS_EXPIRES_SOON tls redis 1",
        check=TLS + " -D 30",
    ),
    row(
        "tls_unknown_ca",
        "the authority is not among the system's",
        gives="TLS_UNKNOWN_CA tls redis 2",
        target="{cache_name}:6380",
        check="--tls",
    ),
    row(
        "tls_self",
        "the certificate is signed by itself",
        cache.redis(tls=keys.self_signed),
        gives="TLS_UNKNOWN_CA tls redis 2",
        check=TLS,
    ),
)

ALERTS = (
    row(
        "tls_11_only",
        "the server knows nothing newer than TLS 1.1",
        proxy.listener(
            bind=TLS_LISTENER + " ssl-max-ver TLSv1.1"
            " ciphers DEFAULT:@SECLEVEL=0"
        ),
        gives="TLS_ALERT_70 tls redis 2",
        check=TLS,
    ),
    row(
        "tls_no_common_cipher",
        "the server's ciphers need another kind of certificate",
        proxy.listener(
            bind=TLS_LISTENER + " ssl-max-ver TLSv1.2"
            " ciphers ECDHE-RSA-AES128-GCM-SHA256"
        ),
        gives="TLS_ALERT_40 tls redis 2",
        check=TLS,
    ),
    row(
        "tls_strict_sni",
        "the server knows no certificate for the name that it is asked for",
        proxy.listener(bind=TLS_LISTENER + " strict-sni"),
        gives="TLS_ALERT_112 tls redis 2",
        check="--tls --cacert {cacert}",
    ),
    row(
        "tls_mtls_required",
        "the server wants a client's certificate, and gets none",
        cache.redis(tls=keys.own, tls_auth_clients="yes"),
        gives="TLS_ALERT_116 tls redis 2",
        check=TLS,
    ),
)

ROWS = LOOKALIKES + CERTIFICATES + ALERTS
