/*
 * catalogue_aws.c -- what only the AWS API knows.
 *
 * The texts are in the words and the order of catalogue_rows.h.
 */
#include "verdict/catalogue_rows.h"

/* clang-format off */
const char catalogue_AWS_ENDPOINT_NOT_AVAILABLE[] =
    MEANING("The endpoint is not in the state available.")
    EVIDENCE("The API says pendingAcceptance, pending, rejected, failed, "
             "expired or deleted; from outside it is silence or NXDOMAIN.")
    LOOKALIKES("TCP_TIMEOUT_ALL: the state is available. Only the API can "
               "tell.")
    CAUSE("Nobody accepted the connection yet, the provider rejected it (it "
          "may be rejected after it was available), or it was deleted. After "
          "acceptance it is pending for some minutes.")
    SOURCE("AWS VPC user guide, accept-reject-endpoint-requests "
           "(github.com/awsdocs/amazon-vpc-user-guide); AWS VPC user guide, "
           "vpce-interface (github.com/awsdocs/amazon-vpc-user-guide)")
    LOOK(CONSUMER,
        "aws ec2 describe-vpc-endpoints --vpc-endpoint-ids {ENDPOINT_ID} "
        "--query "
        "'VpcEndpoints[0].[State,LastError,Groups[].GroupId,SubnetIds]'{REGION"
        "}")
    LOOK(PROVIDER,
        "aws ec2 describe-vpc-endpoint-connections --filters "
        "Name=service-id,Values={SERVICE_ID}{REGION}")
    CHANGE(PROVIDER,
        "aws ec2 accept-vpc-endpoint-connections --service-id {SERVICE_ID} "
        "--vpc-endpoint-ids {ENDPOINT_ID}{REGION}");

const char catalogue_AWS_PRINCIPAL_NOT_ALLOWED[] =
    MEANING("The service does not allow this account to connect.")
    EVIDENCE("Making the endpoint fails: the service does not exist for the "
             "account. One that stands goes on working.")
    LOOKALIKES("A service of another region looks the same.")
    CAUSE("The account or role is not among the allowed principals of the "
          "service.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint"
           "-service.html")
    LOOK(PROVIDER,
        "aws ec2 describe-vpc-endpoint-service-permissions --service-id "
        "{SERVICE_ID}{REGION}")
    CHANGE(PROVIDER,
        "aws ec2 modify-vpc-endpoint-service-permissions --service-id "
        "{SERVICE_ID} --add-allowed-principals "
        "arn:aws:iam::CONSUMER_ACCOUNT:root{REGION}");

const char catalogue_AWS_NO_RULE[] =
    MEANING("No rule of the endpoint's security groups admits the client.")
    EVIDENCE("The groups of the endpoint have no inbound rule for the port "
             "from the client's address or group; from outside it is silence.")
    LOOKALIKES("NET_NLB_SG_ENFORCED: the load balancer's groups. Groups are "
               "stateful, NACLs are not.")
    CAUSE("The rule was made on the client's own group, or for the endpoint's "
          "subnets instead of the client's.")
    SOURCE("https://docs.aws.amazon.com/vpc/latest/privatelink/create-interfac"
           "e-endpoint.html; AWS ElastiCache guide, "
           "TroubleshootingConnections "
           "(github.com/awsdocs/amazon-elasticache-docs)")
    CHANGE(CONSUMER,
        "aws ec2 authorize-security-group-ingress --group-id ENDPOINT_SG_ID "
        "--protocol tcp --port {PORT} --cidr {CLIENT_CIDR}{REGION}")
    LOOK(CONSUMER,
        "aws ec2 describe-security-group-rules --filters "
        "Name=group-id,Values=ENDPOINT_SG_ID{REGION}");

const char catalogue_AWS_NO_LISTENER[] =
    MEANING("The load balancer has no listener on this port.")
    EVIDENCE("The API lists listeners on other ports only; from outside it is "
             "silence.")
    LOOKALIKES("TCP_REFUSED: a listener and no service behind it.")
    CAUSE("The port is mistyped here or there. A network load balancer drops "
          "what no listener matches.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-listeners.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-listeners --load-balancer-arn "
        "LOAD_BALANCER_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 create-listener --load-balancer-arn LOAD_BALANCER_ARN "
        "--protocol TCP --port {PORT} --default-actions "
        "Type=forward,TargetGroupArn=TARGET_GROUP_ARN{REGION}");

const char catalogue_AWS_NO_TARGET[] =
    MEANING("The target group is empty.")
    EVIDENCE("The API lists no target.")
    LOOKALIKES("AWS_TARGET_UNHEALTHY: there are targets.")
    CAUSE("Nobody registered the cache's addresses, or the job that does has "
          "not run yet.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ch"
           "eck-target-health.html")
    CHANGE(PROVIDER,
        "linkprobe provision sync")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_AWS_TARGET_UNHEALTHY[] =
    MEANING("The load balancer takes no target for healthy.")
    EVIDENCE("The API says unhealthy or unused, with a reason.")
    LOOKALIKES("AWS_NO_TARGET: there are none. Unused: its zone is not "
               "enabled, or no listener uses the group.")
    CAUSE("The cache's security group does not admit the load balancer's "
          "addresses, the port is wrong, or the node is down. Traffic of an "
          "endpoint always comes from the load balancer's address.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ch"
           "eck-target-health.html; "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ed"
           "it-target-group-attributes.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws ec2 authorize-security-group-ingress --group-id CACHE_SG_ID "
        "--protocol tcp --port CACHE_PORT --cidr NLB_SUBNET_CIDR{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 register-targets --target-group-arn TARGET_GROUP_ARN "
        "--targets Id=CACHE_IP,Port=CACHE_PORT{REGION}");

const char catalogue_AWS_TARGET_DRAINING[] =
    MEANING("Old connections stay with a target that is being taken out.")
    EVIDENCE("The API says draining; old connections go to the old node, new "
             "ones elsewhere.")
    LOOKALIKES("TCP_TARGET_STALE: new connections go to the old node too.")
    CAUSE("Draining lasts 300 s by default and does not cut flows. After a "
          "failover the old primary answers READONLY on them.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ed"
           "it-target-group-attributes.html")
    LOOK(PROVIDER,
        "aws elbv2 describe-target-health --target-group-arn "
        "TARGET_GROUP_ARN{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 modify-target-group-attributes --target-group-arn "
        "TARGET_GROUP_ARN --attributes "
        "Key=deregistration_delay.connection_termination.enabled,Value=true "
        "Key=deregistration_delay.timeout_seconds,Value=30{REGION}");

const char catalogue_AWS_ZONE_MISMATCH[] =
    MEANING("The endpoint has a zone that the load balancer has not.")
    EVIDENCE("The API lists different zone ids on the two sides; from outside "
             "one address is silent.")
    LOOKALIKES("TCP_TIMEOUT_ONE_AZ with the same zones: no target there, and "
               "cross-zone is off. Zone names differ between accounts: "
               "compare ids.")
    CAUSE("A subnet was added on one side only.")
    SOURCE("AWS VPC user guide, vpce-interface "
           "(github.com/awsdocs/amazon-vpc-user-guide); "
           "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/ne"
           "twork-load-balancers.html")
    LOOK(CONSUMER,
        "aws ec2 describe-availability-zones --query "
        "'AvailabilityZones[].[ZoneName,ZoneId]'{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 set-subnets --load-balancer-arn LOAD_BALANCER_ARN "
        "--subnets SUBNET_IDS{REGION}")
    CHANGE(CONSUMER,
        "aws ec2 modify-vpc-endpoint --vpc-endpoint-id {ENDPOINT_ID} "
        "--remove-subnet-ids SUBNET_ID{REGION}");

const char catalogue_NET_NLB_SG_ENFORCED[] =
    MEANING("The load balancer's own security group turns the endpoint's "
            "traffic away.")
    EVIDENCE("All addresses are silent though the endpoint is available and "
             "the targets are healthy; from the provider's network it works.")
    LOOKALIKES("AWS_NO_RULE: the endpoint's group. Both are silent from "
               "outside.")
    CAUSE("A load balancer with a security group checks PrivateLink traffic "
          "against it by default, and the address checked is the consumer's.")
    SOURCE("https://docs.aws.amazon.com/elasticloadbalancing/latest/network/lo"
           "ad-balancer-security-groups.html; "
           "github.com/MaterializeInc/materialize/pull/36623")
    LOOK(PROVIDER,
        "aws elbv2 describe-load-balancers --load-balancer-arns "
        "LOAD_BALANCER_ARN --query "
        "'LoadBalancers[].[SecurityGroups,EnforceSecurityGroupInboundRulesOnPr"
        "ivateLinkTraffic]'{REGION}")
    CHANGE(PROVIDER,
        "aws elbv2 set-security-groups --load-balancer-arn LOAD_BALANCER_ARN "
        "--security-groups NLB_SG_ID "
        "--enforce-security-group-inbound-rules-on-private-link-traffic "
        "off{REGION}");

/* clang-format on */
