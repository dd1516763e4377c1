/*
 * catalogue_net.c -- connected, and then silence or the end.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_TCP_RST_AFTER_ACCEPT[] =
    MEANING("The connection is ended before the first reply.")
    EVIDENCE("Connected, then reset or closed; no byte came.")
    LOOKALIKES("TLS_REQUIRED: a TLS handshake on a second connection is "
               "answered. TLS_EOF_NO_ALERT: TLS was asked for, and it was "
               "closed. REDIS_MAXCLIENTS and REDIS_PROTECTED say so in plain "
               "text.")
    CAUSE("The engine crashes or restarts, or a proxy has nobody behind it.")
    SOURCE("redis/redis and valkey-io/valkey, src/networking.c")
    LOOK(CLIENT,
        "linkprobe check --tls --insecure {HOST}:{PORT}")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    LOOK(PROVIDER,
        "aws elasticache describe-events --duration 60{REGION}");

const char catalogue_NET_DATA_SWALLOWED[] =
    MEANING("The connection stands, and the network eats what is sent on it.")
    EVIDENCE("Even a PING of 14 bytes is not acknowledged: unacked stays "
             "above 0, retransmits grow.")
    LOOKALIKES("APP_SILENT: the bytes are acknowledged. NET_MTU_BLACKHOLE: "
               "small packets pass, large ones do not.")
    CAUSE("A firewall or intrusion detector that answers the handshake "
          "itself, or one that sees only half of the flow.")
    SOURCE("tcp(7), TCP_INFO")
    LOOK(CLIENT,
        "ss -tnio dst {ADDRESS}")
    LOOK(CLIENT,
        "linkprobe check --payload 1400,8300,16k {HOST}:{PORT}");

const char catalogue_NET_MTU_BLACKHOLE[] =
    MEANING("Large packets are lost on the way, small ones are not.")
    EVIDENCE("PING and a small SET pass; from some size on the request stays "
             "unacknowledged, or the large reply to GET never comes.")
    LOOKALIKES("NET_DATA_SWALLOWED loses small packets too. With "
               "tcp_mtu_probing it is a stall of several seconds, then "
               "success, and a warning. A router that asks for smaller "
               "segments costs one round trip, and is no fault.")
    CAUSE("A VPN, gateway, appliance or container network with a smaller MTU, "
          "and ICMP type 3 code 4 blocked. The endpoint itself drops above "
          "8500 bytes, but it clamps the segment size.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endp"
           "oints.html; github.com/aws/amazon-vpc-cni-k8s/issues/356")
    LOOK(CLIENT,
        "linkprobe check --payload 1200,1400,1440,8300,16k,64k {HOST}:{PORT}")
    CHANGE(CLIENT,
        "sysctl -w net.ipv4.tcp_mtu_probing=1")
    CHANGE(CLIENT,
        "ip link set dev ens5 mtu 1500")
    LOOK(CLIENT,
        "tracepath -n {ADDRESS}");

const char catalogue_APP_PROXY_V2[] =
    MEANING("The load balancer puts a PROXY protocol header before the data, "
            "and the engine does not speak it.")
    EVIDENCE("Connected, PING acknowledged, no reply ever; with TLS the "
             "connection is closed without an alert.")
    LOOKALIKES("APP_SILENT: a hung engine. 64 KiB without a line end make a "
               "live engine behind PROXY protocol answer that the inline "
               "request is too big; a hung one stays silent.")
    CAUSE("proxy_protocol_v2.enabled is on. Health checks carry the header "
          "too, and a TCP check stays green.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ed"
           "it-target-group-attributes.html; redis/redis and "
           "valkey-io/valkey, src/networking.c, the inline parser stops at "
           "the header's NUL byte")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --query "
        "\"Attributes[?Key=='proxy_protocol_v2.enabled']\"{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 modify-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --attributes "
        "Key=proxy_protocol_v2.enabled,Value=false{REGION}");

const char catalogue_APP_SILENT[] =
    MEANING("The server takes the bytes and does not answer.")
    EVIDENCE("The request is acknowledged, unacked is 0, and no byte comes "
             "within the budget.")
    LOOKALIKES("NET_DATA_SWALLOWED: not acknowledged. APP_PROXY_V2: the "
               "engine waits behind a header that it does not know. "
               "REDIS_BUSY answers after some seconds.")
    CAUSE("A hung or stopped engine, CLIENT PAUSE, a service that waits for "
          "something else.")
    SOURCE("tcp(7), TCP_INFO")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --query "
        "\"Attributes[?Key=='proxy_protocol_v2.enabled']\"{REGION}")
    LOOK(PROVIDER,
        "aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache "
        "--metric-name EngineCPUUtilization --dimensions "
        "Name=CacheClusterId,Value=NODE_ID --statistics Maximum --period 60 "
        "--start-time START --end-time END{REGION}")
    LOOK(CLIENT,
        "linkprobe check --tls --insecure {HOST}:{PORT}");

const char catalogue_TCP_IDLE_RESET[] =
    MEANING("A connection that was silent for some time is gone, and the next "
            "write is reset.")
    EVIDENCE("PING passes, then silence, then a reset within one round trip.")
    LOOKALIKES("TCP_IDLE_BLACKHOLE: silence instead of a reset. The engine's "
               "timeout parameter ends the connection during the silence. A "
               "twin with keepalive survives this one.")
    CAUSE("The load balancer forgets a silent flow after 350 s, or after the "
          "listener's own setting. The engine's tcp-keepalive, 300 s by "
          "default, hides it; it shows when that is off, the listener's time "
          "is shorter, or the client was frozen. A keepalive below that time "
          "keeps the flow.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/up"
           "date-idle-timeout.html; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html")
    CHANGE(CLIENT,
        "sysctl -w net.ipv4.tcp_keepalive_time=60")
    CHANGE(PROVIDER,
        "aws elbv2 modify-listener-attributes --listener-arn LISTENER_ARN "
        "--attributes Key=tcp.idle_timeout.seconds,Value=6000{REGION}")
    LOOK(CLIENT,
        "linkprobe check --idle 360s {HOST}:{PORT}");

const char catalogue_TCP_IDLE_BLACKHOLE[] =
    MEANING("A connection that was silent for some time is dead, and nobody "
            "says so.")
    EVIDENCE("PING passes, then silence, then a write that is never "
             "acknowledged.")
    LOOKALIKES("TCP_IDLE_RESET: the load balancer answers with a reset. "
               "APP_SILENT: the bytes are acknowledged.")
    CAUSE("A NAT, a firewall or the connection tracking of a security group "
          "between client and endpoint has forgotten the flow. A keepalive "
          "shorter than its memory keeps it.")
    SOURCE("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Connect"
           "ionTrackingConfiguration.html")
    CHANGE(CLIENT,
        "sysctl -w net.ipv4.tcp_keepalive_time=60")
    CHANGE(CONSUMER,
        "aws ec2 modify-network-interface-attribute --network-interface-id "
        "ENI_ID --connection-tracking-specification "
        "TcpEstablishedTimeout=3600{REGION}")
    LOOK(CLIENT,
        "linkprobe check --idle 360s {HOST}:{PORT}");

const char catalogue_WRONG_SERVICE[] =
    MEANING("Something answers, and it is not Redis.")
    EVIDENCE("The first bytes are no reply: HTTP/1.1, 220, SSH-, ERROR; or "
             "PING is an unknown command.")
    LOOKALIKES("REDIS_PROTOCOL: a Redis whose bytes were damaged. "
               "REDIS_RENAMED: other commands work.")
    CAUSE("The address was given to another host, the target group or the "
          "port is wrong, or a proxy stands in between.")
    SOURCE("redis/redis and valkey-io/valkey, src/networking.c; RFC 9112, RFC "
           "5321, RFC 4253 for what others say first")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-listeners --load-balancer-arn "
        "LOAD_BALANCER_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

/* clang-format on */
