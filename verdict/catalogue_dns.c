/*
 * catalogue_dns.c -- the look-up gives no address, or none of use.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_DNS_BAD_NAME[] =
    MEANING("The host is no name that DNS can carry.")
    EVIDENCE("Refused before any packet: an empty label, one over 63 bytes, "
             "or a name over 253.")
    LOOKALIKES("DNS_NXDOMAIN is a good name that nobody has.")
    CAUSE("A typing error: two dots in a row, a space, a pasted URL path.")
    SOURCE("RFC 1035, 2.3.4")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --query "
        "'VpcEndpoints[].DnsEntries[].DnsName'");

const char catalogue_DNS_PRIVATE_NAME_OFF[] =
    MEANING("The service's private name does not lead to the endpoint, though "
            "the endpoint's own name does.")
    EVIDENCE("The private name is NXDOMAIN or has a public address; the vpce "
             "name works on the same port. Give both to one check: it cannot "
             "know of the other name by itself.")
    LOOKALIKES("DNS_NXDOMAIN: then the vpce name fails too, or the name is of "
               "another service. DNS_SPLIT_HORIZON: another resolver gives "
               "the right answer.")
    CAUSE("Private DNS is not enabled on the endpoint, the service's domain "
          "is not verified, or the VPC has enableDnsHostnames or "
          "enableDnsSupport off.")
    SOURCE("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Private"
           "DnsNameConfiguration.html; AWS VPC user guide, "
           "domain-verification-problems "
           "(github.com/awsdocs/amazon-vpc-user-guide)")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {ENDPOINT_ID} "
        "--query 'VpcEndpoints[0].[PrivateDnsEnabled,DnsEntries]'{REGION}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id {ENDPOINT_ID} "
        "--private-dns-enabled{REGION}")
    LOOK(PROVIDER,
        "aws ec2 describe-vpc-endpoint-service-configurations --service-ids "
        "{SERVICE_ID} --query "
        "'ServiceConfigurations[0].PrivateDnsNameConfiguration'{REGION}")
    CHANGE(PROVIDER,
        "aws ec2 start-vpc-endpoint-service-private-dns-verification "
        "--service-id {SERVICE_ID}{REGION}");

const char catalogue_DNS_NXDOMAIN[] =
    MEANING("The name does not exist.")
    EVIDENCE("Rcode 3 and no records, within milliseconds.")
    LOOKALIKES("A wrong resolver: ask 169.254.169.253 as well. Only a zonal "
               "name missing: DNS_ZONAL_MISSING. With a CNAME in the answer: "
               "DNS_DANGLING_CNAME.")
    CAUSE("The endpoint was deleted and made again, which changes its name; "
          "the region in the name is wrong; or the private name is not "
          "enabled.")
    SOURCE("AWS VPC user guide, vpce-interface "
           "(github.com/awsdocs/amazon-vpc-user-guide)")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --filters "
        "Name=service-name,Values=com.amazonaws.vpce.{REGION_NAME}.{SERVICE_ID"
        "} --query "
        "'VpcEndpoints[].[VpcEndpointId,State,DnsEntries[].DnsName]'{REGION}")
    LOOK(CLIENT,
        "dig {HOST} @169.254.169.253");

const char catalogue_DNS_DANGLING_CNAME[] =
    MEANING("The name is an alias of one that does not exist.")
    EVIDENCE("Rcode 3, but the answer holds a CNAME: the first link is yours, "
             "the last one is gone.")
    LOOKALIKES("DNS_NXDOMAIN has no CNAME.")
    CAUSE("Your own record still points at an endpoint that was deleted.")
    SOURCE("RFC 6604, 2; AWS VPC user guide, vpce-interface "
           "(github.com/awsdocs/amazon-vpc-user-guide)")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --filters "
        "Name=service-name,Values=com.amazonaws.vpce.{REGION_NAME}.{SERVICE_ID"
        "} --query "
        "'VpcEndpoints[].[VpcEndpointId,State,DnsEntries[].DnsName]'{REGION}")
    CHANGE(CONSUMER,
        "aws route53 change-resource-record-sets --hosted-zone-id ZONE_ID "
        "--change-batch "
        "'{\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":{\"Name\""
        ":\"{HOST}\",\"Type\":\"CNAME\",\"TTL\":60,\"ResourceRecords\":[{\"Val"
        "ue\":\"NEW_ENDPOINT_NAME\"}]}}]}'");

const char catalogue_DNS_SERVFAIL[] =
    MEANING("The resolver could not find out.")
    EVIDENCE("Rcode 2, at once or after some seconds.")
    LOOKALIKES("Fast and for every name: the forwarder is broken. Only this "
               "zone: its delegation or forward rule. Only now and then under "
               "load: DNS_THROTTLED.")
    CAUSE("A custom DNS server of the VPC, or an outbound rule, cannot reach "
          "the server that it forwards to.")
    SOURCE("RFC 1035, 4.1.1; github.com/coredns/coredns/issues/3927")
    LOOK(CLIENT,
        "dig {HOST} @169.254.169.253")
    LOOK(CONSUMER,
        "aws ec2 describe-dhcp-options{REGION}")
    LOOK(CONSUMER,
        "aws route53resolver list-resolver-rule-associations{REGION}");

const char catalogue_DNS_REFUSED[] =
    MEANING("The resolver will not answer this client.")
    EVIDENCE("The resolver answers at once, with rcode 5.")
    LOOKALIKES("ICMP port unreachable is DNS_UNREACHABLE; no answer at all is "
               "DNS_TIMEOUT.")
    CAUSE("The server is not recursive for this address: an on-premises "
          "server, or an inbound endpoint that does not admit it.")
    SOURCE("RFC 1035, 4.1.1")
    LOOK(CLIENT,
        "dig {HOST} @169.254.169.253")
    LOOK(CLIENT,
        "cat /etc/resolv.conf");

const char catalogue_DNS_THROTTLED[] =
    MEANING("The resolver drops queries because there are too many.")
    EVIDENCE("Look-ups time out at random under load and are fine when it is "
             "quiet; the counter linklocal_allowance_exceeded grows.")
    LOOKALIKES("DNS_TIMEOUT fails always. When most of five more queries are "
               "answered it may be this, or a resolver that was away for a "
               "moment: the counter tells.")
    CAUSE("More than 1024 packets a second to the VPC resolver from one "
          "network interface: no cache on the host, or search lists that "
          "multiply every query.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html; "
           "AWS ElastiCache guide, TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs)")
    LOOK(CLIENT,
        "ethtool -S ens5 | grep allowance_exceeded")
    CHANGE(CLIENT,
        "systemctl enable --now systemd-resolved")
    LOOK(CLIENT,
        "grep -E '^(search|options)' /etc/resolv.conf");

const char catalogue_DNS_TC_TCP_BLOCKED[] =
    MEANING("The answer is too large for UDP, and TCP port 53 is shut.")
    EVIDENCE("The answer over UDP has the TC bit; the same question over TCP "
             "is dropped or refused.")
    LOOKALIKES("Small names work. An endpoint's own answer is small and never "
               "needs TCP: look for a long CNAME chain or a reader endpoint "
               "of many nodes.")
    CAUSE("A firewall or NACL lets only UDP 53 through, or EDNS is cut to 512 "
          "bytes on the way.")
    SOURCE("RFC 7766, 5; github.com/aws/amazon-vpc-cni-k8s/issues/595")
    LOOK(CLIENT,
        "dig +tcp {HOST}")
    LOOK(CLIENT,
        "dig +bufsize=1232 +ignore {HOST}");

const char catalogue_DNS_TIMEOUT[] =
    MEANING("No resolver answers.")
    EVIDENCE("All queries to all servers were sent, and nothing came back "
             "within the budget.")
    LOOKALIKES("Port unreachable comes back at once: DNS_UNREACHABLE. Other "
               "names answer: only the forwarding of this zone is dead. TCP "
               "53 works: a firewall eats UDP.")
    CAUSE("enableDnsSupport is off, a NACL blocks UDP 53 or the ports of the "
          "answer, the resolver host is down, or it throttles.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html")
    LOOK(CLIENT,
        "dig {HOST} @169.254.169.253")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-attribute --vpc-id VPC_ID --attribute "
        "enableDnsSupport{REGION}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-attribute --vpc-id VPC_ID --enable-dns-support "
        "'{\"Value\":true}'{REGION}")
    LOOK(CONSUMER,
        "aws ec2 describe-network-acls --filters "
        "Name=association.subnet-id,Values=SUBNET_ID{REGION}");

const char catalogue_DNS_UNREACHABLE[] =
    MEANING("No resolver can be reached.")
    EVIDENCE("The query failed at once: port or host unreachable, or no "
             "server is configured.")
    LOOKALIKES("DNS_TIMEOUT takes the whole budget.")
    CAUSE("Nothing listens at the address in /etc/resolv.conf: a stopped "
          "local stub, or a wrong address.")
    SOURCE("resolv.conf(5); RFC 1122, 4.1.3.1")
    LOOK(CLIENT,
        "cat /etc/resolv.conf")
    LOOK(CLIENT,
        "dig {HOST} @169.254.169.253")
    CHANGE(CLIENT,
        "systemctl restart systemd-resolved");

const char catalogue_DNS_NODATA[] =
    MEANING("The name exists, but has no address of a family that was asked "
            "for.")
    EVIDENCE("Rcode 0 and no A or AAAA record; records of another type may be "
             "there.")
    LOOKALIKES("NXDOMAIN means no such name at all. No AAAA beside an A is "
               "normal and no fault.")
    CAUSE("An IPv6-only endpoint asked with -4 or the reverse, or a record of "
          "another type.")
    SOURCE("RFC 2308, 2.2")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {ENDPOINT_ID} "
        "--query 'VpcEndpoints[0].[IpAddressType,DnsEntries]'{REGION}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id {ENDPOINT_ID} "
        "--ip-address-type dualstack{REGION}");

const char catalogue_DNS_SPLIT_HORIZON[] =
    MEANING("The name leads to an address that is not the endpoint's.")
    EVIDENCE("An address outside of --expect-address; or a public one for an "
             "endpoint's or private name, and it cannot be connected to; or "
             "name servers that give different addresses, or of which only "
             "some know the name.")
    LOOKALIKES("An address elsewhere that works is no fault by itself. All "
               "name servers give the same: TCP_TIMEOUT_ALL or DNS_NXDOMAIN. "
               "Answers that overlap are one name at two moments.")
    CAUSE("The private hosted zone is not associated with this VPC, private "
          "DNS is off, or an on-premises resolver answers with the public "
          "record.")
    SOURCE("https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-z"
           "ones-private.html")
    LOOK(CLIENT,
        "dig {HOST} @169.254.169.253")
    CHANGE(CONSUMER,
        "aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ZONE_ID "
        "--vpc VPCRegion={REGION_NAME},VPCId=VPC_ID")
    LOOK(CLIENT,
        "ip route get {ADDRESS}");

const char catalogue_DNS_ZONAL_MISSING[] =
    MEANING("The name of one zone is gone, the regional name is not.")
    EVIDENCE("NXDOMAIN for the zonal name; the regional name has addresses. "
             "Or fewer addresses than required, and each zone that has a name "
             "is among them.")
    LOOKALIKES("DNS_AZ_WITHDRAWN: the zonal name still resolves.")
    CAUSE("The subnet of that zone was removed from the endpoint, or never "
          "added.")
    SOURCE("AWS VPC user guide, vpce-interface "
           "(github.com/awsdocs/amazon-vpc-user-guide)")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {ENDPOINT_ID} "
        "--query "
        "'VpcEndpoints[0].[State,LastError,Groups[].GroupId,SubnetIds]'{REGION"
        "}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id {ENDPOINT_ID} "
        "--add-subnet-ids SUBNET_ID{REGION}");

const char catalogue_DNS_AZ_WITHDRAWN[] =
    MEANING("DNS gives fewer addresses than it should; those that it gives "
            "work.")
    EVIDENCE("The regional name has fewer addresses than required, or one "
             "alone, and a zonal name has one that is not among them. Zonal "
             "names are asked for then only: where an endpoint has three "
             "zones, --require 3 tells that one is missing.")
    LOOKALIKES("DNS_ZONAL_MISSING: the zonal name is gone too. "
               "TCP_TIMEOUT_ONE_AZ: the dead zone is still in DNS.")
    CAUSE("AWS took a zone out of DNS because it has no healthy target there; "
          "DNS follows within about a minute.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ta"
           "rget-group-health-checks.html; "
           "repost.aws/questions/QUupiKY7qBQ4Gd8P58sFmm_A")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 modify-load-balancer-attributes --load-balancer-arn "
        "LOAD_BALANCER_ARN --attributes "
        "Key=load_balancing.cross_zone.enabled,Value=true{REGION}")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {ENDPOINT_ID} "
        "--query "
        "'VpcEndpoints[0].[State,LastError,Groups[].GroupId,SubnetIds]'{REGION"
        "}");

const char catalogue_DNS_STALE[] =
    MEANING("The address in use is not the one that DNS gives now.")
    EVIDENCE("A fresh answer differs from what /etc/hosts, a cache, or the "
             "running program has; an address of /etc/hosts that DNS does not "
             "give cannot be connected to.")
    LOOKALIKES("DNS_SPLIT_HORIZON: two resolvers differ, both fresh.")
    CAUSE("A line in /etc/hosts that nobody removed, or a cache beyond its "
          "TTL. Endpoint addresses live as long as the endpoint, so it was "
          "made again or its subnets changed.")
    SOURCE("AWS VPC user guide, vpce-interface "
           "(github.com/awsdocs/amazon-vpc-user-guide)")
    LOOK(CLIENT,
        "getent ahosts {HOST}")
    LOOK(CLIENT,
        "grep -n '{HOST}' /etc/hosts")
    CHANGE(CLIENT,
        "resolvectl flush-caches");

const char catalogue_DNS_SEARCH_DOMAIN[] =
    MEANING("The search list changes what the name means.")
    EVIDENCE("The name with a final dot and without one give different "
             "addresses, and the one in use cannot be connected to.")
    LOOKALIKES("DNS_SPLIT_HORIZON: the resolvers differ, with the same name. "
               "A short name that only the search list has is no fault.")
    CAUSE("A wildcard record in a domain of the search list, and more dots "
          "required than the name has (ndots).")
    SOURCE("resolv.conf(5), search and ndots")
    LOOK(CLIENT,
        "dig +search {HOST}")
    LOOK(CLIENT,
        "linkprobe check {HOST}.:{PORT}");

const char catalogue_DNS_IPV6_FIRST[] =
    MEANING("Only the IPv6 addresses have no route from here.")
    EVIDENCE("Connecting to every address of an AAAA record fails at once, "
             "IPv4 works.")
    LOOKALIKES("TCP_NO_ROUTE_LOCAL: IPv4 has no route either.")
    CAUSE("The endpoint is dualstack, the client's subnet has no IPv6; "
          "clients that try IPv6 first wait or fail.")
    SOURCE("RFC 6724; "
           "https://docs.aws.amazon.com/vpc/latest/privatelink/create-interfac"
           "e-endpoint.html")
    LOOK(CLIENT,
        "linkprobe check -4 {HOST}:{PORT}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id {ENDPOINT_ID} "
        "--ip-address-type ipv4{REGION}")
    LOOK(CLIENT,
        "ip -6 route get {ADDRESS}");

/* clang-format on */
