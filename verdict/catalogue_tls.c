/*
 * catalogue_tls.c -- TLS missing, not asked for, or not to be trusted.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_TLS_REQUIRED[] =
    MEANING("The server wants TLS, and plain text was sent.")
    EVIDENCE("A plain PING is reset or closed without a byte; a ClientHello "
             "on a second connection is answered.")
    LOOKALIKES("TCP_RST_AFTER_ACCEPT: TLS fails too.")
    CAUSE("In-transit encryption is on. A serverless cache always has it.")
    SOURCE("AWS ElastiCache guide, in-transit-encryption "
           "(github.com/awsdocs/amazon-elasticache-docs); "
           "github.com/redis/redis-py/issues/1001")
    LOOK(CLIENT,
        "linkprobe check --tls {HOST}:{PORT}")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].[TransitEncryptionEnabled,TransitEncryptionMode"
        "]'{REGION}")
    CHANGE(PROVIDER,
        "aws elasticache modify-replication-group --replication-group-id "
        "CACHE_ID --transit-encryption-mode preferred "
        "--apply-immediately{REGION}");

const char catalogue_TLS_EOF_NO_ALERT[] =
    MEANING("The connection is closed in the handshake, without a word.")
    EVIDENCE("End of the stream or a reset after the ClientHello; no alert "
             "came.")
    LOOKALIKES("TLS_ALERT: the server says why. TLS_NOT_OFFERED: silence "
               "instead of the end.")
    CAUSE("PROXY protocol in front of a TLS engine, a router by SNI that "
          "knows no such name, or an engine that restarts.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ed"
           "it-target-group-attributes.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --query "
        "\"Attributes[?Key=='proxy_protocol_v2.enabled']\"{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 modify-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --attributes "
        "Key=proxy_protocol_v2.enabled,Value=false{REGION}")
    LOOK(CLIENT,
        "openssl s_client -connect {ADDRESS}:{PORT} -servername {HOST}");

const char catalogue_TLS_NOT_OFFERED[] =
    MEANING("TLS was asked for, and the server does not speak it.")
    EVIDENCE("The ClientHello is acknowledged and no ServerHello comes; or "
             "the answer is plain text.")
    LOOKALIKES("APP_PROXY_V2 and APP_SILENT: a plain PING is not answered "
               "either. TLS_HANDSHAKE_STALL: some bytes of TLS came.")
    CAUSE("In-transit encryption is off, or TLS ends at the load balancer and "
          "this is the port without it. A plain engine takes the ClientHello "
          "for an unfinished line and waits.")
    SOURCE("redis/redis and valkey-io/valkey, src/networking.c; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/cr"
           "eate-tls-listener.html")
    LOOK(CLIENT,
        "linkprobe check redis://{HOST}:{PORT}")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].TransitEncryptionEnabled'{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-listeners --load-balancer-arn "
        "LOAD_BALANCER_ARN{REGION}");

const char catalogue_TLS_HANDSHAKE_STALL[] =
    MEANING("The handshake begins and then stops.")
    EVIDENCE("A part of the server's first flight came, then nothing.")
    LOOKALIKES("TLS_NOT_OFFERED: not a byte of TLS came.")
    CAUSE("The flight with the certificates is the first large packet of the "
          "connection: look for an MTU hole.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endp"
           "oints.html")
    LOOK(CLIENT,
        "tracepath -n {ADDRESS}")
    CHANGE(CLIENT,
        "ip link set dev ens5 mtu 1500")
    CHANGE(CLIENT,
        "sysctl -w net.ipv4.tcp_mtu_probing=1");

const char catalogue_TLS_NAME_MISMATCH[] =
    MEANING("The certificate is for another name than the one dialled.")
    EVIDENCE("The chain verifies, the name does not (X509 error 62, or 64 for "
             "an address); the names in the certificate are shown.")
    LOOKALIKES("TLS_UNKNOWN_CA: the chain does not verify. redis-cli does not "
               "check the name and answers PONG; Java and Node do check.")
    CAUSE("Normal through an endpoint: nobody can get a certificate of Amazon "
          "for a vpce name. The certificate has the cache's own name.")
    SOURCE("RFC 6125, 6.4; github.com/redis/ioredis/issues/754")
    LOOK(CLIENT,
        "linkprobe check --tls --tls-name {CERT_NAME} {HOST}:{PORT}")
    CHANGE(CONSUMER,
        "aws route53 create-hosted-zone --name {CACHE_DOMAIN} --vpc "
        "VPCRegion={REGION_NAME},VPCId=VPC_ID --caller-reference NAME")
    LOOK(CLIENT,
        "linkprobe check --tls --tls-verify chain {HOST}:{PORT}");

const char catalogue_TLS_EXPIRED[] =
    MEANING("The certificate is expired, or not valid yet.")
    EVIDENCE("X509 error 10 (expired) or 9 (not valid yet).")
    LOOKALIKES("A wrong clock here: every host fails then.")
    CAUSE("A certificate of your own that nobody renewed, on the engine or "
          "imported into a TLS listener.")
    SOURCE("RFC 5280, 4.1.2.5")
    LOOK(CLIENT,
        "date -u")
    LOOK(CLIENT,
        "openssl s_client -connect {ADDRESS}:{PORT} -servername {HOST} "
        "</dev/null | openssl x509 -noout -dates")
    LOOK(PROVIDER,
        "aws acm describe-certificate --certificate-arn "
        "CERTIFICATE_ARN{REGION}");

const char catalogue_TLS_UNKNOWN_CA[] =
    MEANING("The certificate leads to no issuer that is trusted here.")
    EVIDENCE("X509 error 18 or 19 (self-signed), 2, 20 or 21 (the issuer is "
             "missing).")
    LOOKALIKES("TLS_NAME_MISMATCH: the chain is good, the name is not. If "
               "every host fails the machine has no CA certificates.")
    CAUSE("A private CA, a self-signed certificate, a proxy that intercepts, "
          "or the package ca-certificates is not installed.")
    SOURCE("RFC 5280, 6; openssl-verification-options(1)")
    LOOK(CLIENT,
        "linkprobe check --tls --cacert CA_FILE {HOST}:{PORT}")
    CHANGE(CLIENT,
        "apt-get install ca-certificates");

const char catalogue_TLS_ALERT[] =
    MEANING("The server refused the handshake and said why by a number.")
    EVIDENCE("A fatal alert: 70 protocol version, 40 handshake failure, 112 "
             "unknown name, 116 client certificate missing, 80 internal "
             "error. The id carries the number.")
    LOOKALIKES("40 with TLS 1.2 may be a missing client certificate too. With "
               "TLS 1.3 alert 116 comes after the handshake, at the first "
               "read.")
    CAUSE("By number: no common protocol version (70) or cipher (40), an SNI "
          "that the server does not know (112), mutual TLS without --cert "
          "(116).")
    SOURCE("RFC 8446, 6; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/cr"
           "eate-tls-listener.html")
    LOOK(CLIENT,
        "openssl s_client -connect {ADDRESS}:{PORT} -servername {HOST}")
    LOOK(CLIENT,
        "linkprobe check --tls --cert CERT_FILE --key KEY_FILE {HOST}:{PORT}")
    CHANGE(PROVIDER,
        "aws elbv2 modify-listener --listener-arn LISTENER_ARN --ssl-policy "
        "ELBSecurityPolicy-TLS13-1-2-2021-06{REGION}");

const char catalogue_TLS_LISTENER_DEAD_TARGET[] =
    MEANING("The load balancer ends TLS, and nobody is behind it.")
    EVIDENCE("Connect and handshake pass, then the connection ends before the "
             "first reply.")
    LOOKALIKES("REDIS_MAXCLIENTS with TLS looks the same: try again after a "
               "second.")
    CAUSE("The target is down or its security group does not admit the load "
          "balancer; or the target group speaks TLS to a plain engine, or the "
          "reverse.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ta"
           "rget-group-health-checks.html; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/cr"
           "eate-tls-listener.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-groups --target-group-arns "
        "TARGET_GROUP_ARN --query 'TargetGroups[0].[Protocol,Port]'{REGION}")
    LOOK(CLIENT,
        "linkprobe check --tls --wait 10s {HOST}:{PORT}");

const char catalogue_TLS_EXPIRES_SOON[] =
    MEANING("The certificate expires within the days of -D.")
    EVIDENCE("The end of the certificate's validity, and how many days are "
             "left.")
    LOOKALIKES("TLS_EXPIRED: it is too late.")
    CAUSE("Renewal is due, or the automatic one has failed.")
    SOURCE("RFC 5280, 4.1.2.5")
    LOOK(CLIENT,
        "openssl s_client -connect {ADDRESS}:{PORT} -servername {HOST} "
        "</dev/null | openssl x509 -noout -dates")
    LOOK(PROVIDER,
        "aws acm describe-certificate --certificate-arn CERTIFICATE_ARN "
        "--query 'Certificate.[NotAfter,RenewalSummary]'{REGION}");

/* clang-format on */
