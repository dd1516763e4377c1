/*
 * catalogue_tcp.c -- no connection.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_TCP_CLIENT_PORTS_EXHAUSTED[] =
    MEANING("This machine has no local port left for the address.")
    EVIDENCE("EADDRNOTAVAIL at once; no packet was sent.")
    LOOKALIKES("NET_NLB_PORT_ALLOCATION: a packet is sent, and no answer "
               "comes.")
    CAUSE("Too many connections to one address and port, open or in "
          "TIME_WAIT: a client without a pool.")
    SOURCE("AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs); ip(7), "
           "ip_local_port_range")
    LOOK(CLIENT,
        "ss -s")
    LOOK(CLIENT,
        "sysctl net.ipv4.ip_local_port_range")
    CHANGE(CLIENT,
        "sysctl -w net.ipv4.ip_local_port_range='1024 65535'");

const char catalogue_TCP_NO_ROUTE_LOCAL[] =
    MEANING("This machine cannot send to the address.")
    EVIDENCE("ENETUNREACH or EACCES at once; or EHOSTUNREACH after three "
             "seconds without a retransmit, which is an ARP question that "
             "nobody answers.")
    LOOKALIKES("TCP_TIMEOUT_ALL: the SYN leaves and nothing comes back. An "
               "ICMP error from a router gives EHOSTUNREACH too, but sooner "
               "or after retransmits.")
    CAUSE("No route, a route that prohibits, a source address that is not "
          "ours; or the address was in this subnet and its endpoint is gone.")
    SOURCE("connect(2); ip-route(8); RFC 1122, 2.3.2.2")
    LOOK(CLIENT,
        "ip route get {ADDRESS}")
    LOOK(CLIENT,
        "ip neigh show {ADDRESS}")
    LOOK(CLIENT,
        "dig {HOST}");

const char catalogue_TCP_TIMEOUT_ALL[] =
    MEANING("No address answers a SYN.")
    EVIDENCE("SYN sent, retransmitted, no answer within the budget; the same "
             "on every address.")
    LOOKALIKES("One address silent and another not: TCP_TIMEOUT_ONE_AZ. "
               "Refused: something is there. From outside a security group, a "
               "NACL, a missing listener and a dead target look alike.")
    CAUSE("Most often the endpoint's security group does not admit the "
          "client. Then: NACLs, the endpoint's state, a port without listener "
          "(a network load balancer drops, it does not refuse), the load "
          "balancer's own group, no live target.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-listeners.html; AWS ElastiCache guide, "
           "TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {ENDPOINT_ID} "
        "--query "
        "'VpcEndpoints[0].[State,LastError,Groups[].GroupId,SubnetIds]'{REGION"
        "}")
    CHANGE(CONSUMER,
        "aws ec2 authorize-security-group-ingress --group-id ENDPOINT_SG_ID "
        "--protocol tcp --port {PORT} --cidr {CLIENT_CIDR}{REGION}")
    LOOK(CONSUMER,
        "aws ec2 describe-network-acls --filters "
        "Name=association.subnet-id,Values=SUBNET_ID{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-listeners --load-balancer-arn "
        "LOAD_BALANCER_ARN{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}");

const char catalogue_TCP_TIMEOUT_ONE_AZ[] =
    MEANING("Some addresses are silent while others connect.")
    EVIDENCE("No answer to a SYN on one address, from any source port; "
             "another address passes.")
    LOOKALIKES("TCP_TIMEOUT_SOME_PORTS: the same address, some source ports. "
               "The NACL of one subnet looks alike: try from a client in "
               "another zone.")
    CAUSE("The load balancer has no healthy target in that zone and "
          "cross-zone balancing is off, which is the default; or the endpoint "
          "has a zone that the load balancer has not. A single primary can "
          "only be in one zone.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ne"
           "twork-load-balancers.html; "
           "github.com/kubernetes-sigs/aws-load-balancer-controller/issues/189"
           "5")
    CHANGE(PROVIDER,
        "aws elbv2 modify-load-balancer-attributes --load-balancer-arn "
        "LOAD_BALANCER_ARN --attributes "
        "Key=load_balancing.cross_zone.enabled,Value=true{REGION}")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    LOOK(CONSUMER,
        "aws ec2 describe-availability-zones --query "
        "'AvailabilityZones[].[ZoneName,ZoneId]'{REGION}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id {ENDPOINT_ID} "
        "--remove-subnet-ids SUBNET_ID{REGION}");

const char catalogue_TCP_REFUSED_ONE_AZ[] =
    MEANING("Some addresses refuse while others connect.")
    EVIDENCE("A reset answers the SYN on one address; another address passes.")
    LOOKALIKES("TCP_REFUSED: all refuse. TCP_TIMEOUT_ONE_AZ: silence instead "
               "of a reset.")
    CAUSE("The target of that zone does not listen, or all targets of that "
          "zone are unhealthy.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ne"
           "twork-load-balancers.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 modify-load-balancer-attributes --load-balancer-arn "
        "LOAD_BALANCER_ARN --attributes "
        "Key=load_balancing.cross_zone.enabled,Value=true{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_TCP_TIMEOUT_SOME_PORTS[] =
    MEANING("One address answers some source ports and not others, each time "
            "the same.")
    EVIDENCE("Connects from a row of local ports: those that fail fail again. "
             "Where they do not, it is left open what it was.")
    LOOKALIKES("Loss is random at every attempt. NET_NLB_PORT_ALLOCATION "
               "follows the load.")
    CAUSE("One of several targets is dead and still in use: a load balancer "
          "needs minutes to take a target up or out. Or one of several "
          "parallel paths is broken.")
    SOURCE("github.com/kubernetes-sigs/aws-load-balancer-controller/issues/183"
           "4; github.com/aws/containers-roadmap/issues/470")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 deregister-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=DEAD_IP{REGION}");

const char catalogue_NET_NLB_PORT_ALLOCATION[] =
    MEANING("The load balancer has no port left towards the target.")
    EVIDENCE("Under load a part of the new connects is silent; open "
             "connections work, and a quiet prober sees nothing.")
    LOOKALIKES("TCP_TIMEOUT_SOME_PORTS is there without load too. The proof "
               "is the metric PortAllocationErrorCount.")
    CAUSE("About 55,000 connections, or new ones a minute, to one target "
          "through an endpoint service.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html")
    LOOK(PROVIDER,
        "aws cloudwatch get-metric-statistics --namespace AWS/NetworkELB "
        "--metric-name PortAllocationErrorCount --dimensions "
        "Name=LoadBalancer,Value=LOAD_BALANCER --statistics Sum --period 60 "
        "--start-time START --end-time END{REGION}")
    LOOK(CLIENT,
        "ss -Htn dst {ADDRESS} | wc -l");

const char catalogue_NET_ASYMMETRIC[] =
    MEANING("Packets go one way and come back another, past a firewall that "
            "saw only half.")
    EVIDENCE("Silent from our own local address, whatever the port, fine from "
             "another; and packets from our own leave by the link of another.")
    LOOKALIKES("TCP_TIMEOUT_ALL is silent from each local address. Where each "
               "leaves by its own link, it may be a rule that admits the other "
               "alone: AWS_NO_RULE. Two legs alone do no harm; a stateful box "
               "on one of them does.")
    CAUSE("A transit gateway without appliance mode, or a client with two "
          "interfaces and one default route. Behind the endpoint it cannot "
          "happen: PrivateLink translates the source.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-applian"
           "ce-scenario.html")
    LOOK(CLIENT,
        "linkprobe check --source {LOCAL_ADDRESS} {HOST}:{PORT}")
    LOOK(CLIENT,
        "ip route get {ADDRESS}")
    CHANGE(CONSUMER,
        "aws ec2 modify-transit-gateway-vpc-attachment "
        "--transit-gateway-attachment-id ATTACHMENT_ID --options "
        "ApplianceModeSupport=enable{REGION}");

const char catalogue_NET_HAIRPIN[] =
    MEANING("A target that dials its own load balancer is led back to itself.")
    EVIDENCE("Only from a host that is a target: connects time out, now and "
             "then where there are several targets.")
    LOOKALIKES("From the consumer's side it cannot happen.")
    CAUSE("Client address preservation is on: the target sees its own address "
          "as the source.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ed"
           "it-target-group-attributes.html")
    CHANGE(PROVIDER,
        "aws elbv2 modify-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --attributes "
        "Key=preserve_client_ip.enabled,Value=false{REGION}");

const char catalogue_TCP_REFUSED[] =
    MEANING("The connection is refused.")
    EVIDENCE("A reset answers the SYN within about one round trip.")
    LOOKALIKES("A firewall of this machine that rejects answers within 0.1 "
               "ms. An ICMP port unreachable gives the same error. A wrong "
               "port on the load balancer is silent, not refused.")
    CAUSE("The target is up and nothing listens on its port: a node that "
          "restarts, 6380 for 6379; or the load balancer resets because all "
          "its targets are unhealthy. Longer than three minutes: the target's "
          "port is wrong.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    LOOK(PROVIDER,
        "aws elasticache describe-replication-groups --replication-group-id "
        "CACHE_ID --query "
        "'ReplicationGroups[0].NodeGroups[].[PrimaryEndpoint,ReaderEndpoint]'{"
        "REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_TCP_TARGET_STALE[] =
    MEANING("The load balancer's target is no longer the cache's primary.")
    EVIDENCE("Silence, refusal, another service or READONLY, while every "
             "health check is green: a TCP check is content with a replica.")
    LOOKALIKES("A provider who compares the primary's address with the "
               "registered targets knows for certain; from outside ROLE and a "
               "changed run_id tell.")
    CAUSE("The address was registered once by hand; after a failover or a "
          "replaced node the cache has another one, and targets do not follow "
          "DNS.")
    SOURCE("AWS ElastiCache guide, AutoFailover "
           "(github.com/awsdocs/amazon-elasticache-docs); "
           "github.com/polarsource/polar/pull/13614")
    LOOK(PROVIDER,
        "linkprobe provision sync --dry-run")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 deregister-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=OLD_IP{REGION}");

const char catalogue_TCP_SLOW_CONNECT[] =
    MEANING("It connected, but not with the first SYN.")
    EVIDENCE("Connected after a second or more; the kernel counts "
             "retransmitted SYNs.")
    LOOKALIKES("Always: the path. Rarely: loss. Only just after the same port "
               "was closed: its reuse in TIME_WAIT.")
    CAUSE("A lost packet, or a full allowance of the instance (connections "
          "tracked, packets a second).")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-troubleshooting.html; tcp(7), TCP_INFO")
    LOOK(CLIENT,
        "ethtool -S ens5 | grep allowance_exceeded")
    LOOK(CLIENT,
        "linkprobe bench --reconnect -c 1 -n 20 {HOST}:{PORT}");

/* clang-format on */
