/*
 * catalogue_perf.c -- all works, and slower than it could.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_PERF_CROSS_AZ[] =
    MEANING("One address is slower than another by a constant time.")
    EVIDENCE("PINGs on new connections, in turns: the kernel's least round "
             "trip to the far address is 2 ms longer and twice as long as to "
             "the near one; or each of its PINGs is, than half of the other's. "
             "Zones are some tenths of a millisecond to 2 ms apart; so "
             "little is normal where the cache is in one of them, and a bench "
             "shows it by address.")
    LOOKALIKES("PERF_LOSS comes with retransmits. PERF_JITTER_FLOWS is of a "
               "connection, not of an address. Addresses that are all far "
               "away are no fault.")
    CAUSE("The endpoint's zone and the primary's zone differ, so each packet "
          "crosses zones.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ne"
           "twork-load-balancers.html")
    LOOK(CLIENT,
        "linkprobe bench --mix ping -c 1 -d 10s {HOST}:{PORT}")
    LOOK(CONSUMER,
        "aws ec2 describe-availability-zones --query "
        "'AvailabilityZones[].[ZoneName,ZoneId]'{REGION}");

const char catalogue_PERF_LOSS[] =
    MEANING("Packets are lost on the way.")
    EVIDENCE("Retransmits after the connect, which the peer did not have yet: "
             "one in a check, more than one request in two hundred in a "
             "bench; latencies in steps of 200 ms.")
    LOOKALIKES("Late without retransmits is queueing or the engine: "
               "REDIS_SLOW. A lost SYN is TCP_SLOW_CONNECT.")
    CAUSE("A full packet allowance of an instance, or a bad link.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs); tcp(7), TCP_INFO")
    LOOK(CLIENT,
        "ethtool -S ens5 | grep allowance_exceeded")
    LOOK(CLIENT,
        "linkprobe bench --mix ping -d 30s {HOST}:{PORT}");

const char catalogue_PERF_BANDWIDTH[] =
    MEANING("The bandwidth is used up.")
    EVIDENCE("Bytes a second stay the same whatever the size of the values; "
             "small PINGs are fine.")
    LOOKALIKES("PERF_PPS: requests a second stay the same.")
    CAUSE("The allowance of the client's instance or of the node, or of the "
          "endpoint (10 Gbit/s a zone, growing to 100).")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs); "
           "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endp"
           "oints.html")
    LOOK(CLIENT,
        "ethtool -S ens5 | grep allowance_exceeded")
    LOOK(PROVIDER,
        "aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache "
        "--metric-name NetworkBandwidthOutAllowanceExceeded --dimensions "
        "Name=CacheClusterId,Value=NODE_ID --statistics Sum --period 60 "
        "--start-time START --end-time END{REGION}");

const char catalogue_PERF_PPS[] =
    MEANING("The packets a second are used up.")
    EVIDENCE("Requests a second stay the same whatever the size of the "
             "values; with a pipeline of 16 they jump.")
    LOOKALIKES("PERF_BANDWIDTH: bytes a second stay the same.")
    CAUSE("The packet allowance of an instance.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(CLIENT,
        "linkprobe bench -P 16 -d 10s {HOST}:{PORT}")
    LOOK(CLIENT,
        "ethtool -S ens5 | grep allowance_exceeded");

const char catalogue_PERF_CHURN[] =
    MEANING("The client opens a connection for every request.")
    EVIDENCE("With --reconnect it is many times slower than without.")
    LOOKALIKES("PERF_COLD_FIRST: only the first request is slow.")
    CAUSE("No connection pool. Setting up a flow through an endpoint costs "
          "several round trips.")
    SOURCE("First connect 3.3 ms, later round trips 0.7 to 1.2 ms: "
           "https://github.com/drewpypro/aws-privatelink-protocol-tester")
    LOOK(CLIENT,
        "linkprobe bench --reconnect -c 10 -d 10s {HOST}:{PORT}");

const char catalogue_PERF_ENGINE[] =
    MEANING("The engine is what is slow.")
    EVIDENCE("PING takes long while the kernel's round trip is short.")
    LOOKALIKES("PERF_LOSS and PERF_CROSS_AZ show in the kernel's round trip.")
    CAUSE("Its processor is full, a snapshot, slow commands.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(CLIENT,
        "redis-cli -h {HOST} -p {PORT} SLOWLOG GET 10")
    LOOK(PROVIDER,
        "aws cloudwatch get-metric-statistics --namespace AWS/ElastiCache "
        "--metric-name EngineCPUUtilization --dimensions "
        "Name=CacheClusterId,Value=NODE_ID --statistics Maximum --period 60 "
        "--start-time START --end-time END{REGION}");

const char catalogue_PERF_JITTER_FLOWS[] =
    MEANING("One of several connections is slow, and stays so.")
    EVIDENCE("The latencies of one connection differ from those of its "
             "neighbours; a new connection is fine.")
    LOOKALIKES("PERF_CROSS_AZ: all connections to an address.")
    CAUSE("A flow is bound to one path and one target, and this one is bad.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ne"
           "twork-load-balancers.html")
    LOOK(CLIENT,
        "linkprobe bench --mix ping -c 16 -d 10s {HOST}:{PORT}");

const char catalogue_PERF_COLD_FIRST[] =
    MEANING("Only the first request of a connection is slow.")
    EVIDENCE("The first reply takes several times what the next ones do.")
    LOOKALIKES("PERF_CHURN: every request is a first one.")
    CAUSE("The flow is set up, names are looked up, TLS shakes hands.")
    SOURCE("First connect 3.3 ms, later round trips 0.7 to 1.2 ms: "
           "https://github.com/drewpypro/aws-privatelink-protocol-tester")
    LOOK(CLIENT,
        "linkprobe bench --warmup 0 -c 1 -n 20 {HOST}:{PORT}");

/* clang-format on */
