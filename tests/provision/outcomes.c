/*
 * Every field is set somewhere, so that a reader of the golden texts sees each.
 */
#include "outcomes.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SERVICE      "vpce-svc-0e1234567890abcde"
#define NAME         "com.amazonaws.vpce.us-west-2." SERVICE
#define BALANCER                                                               \
    "arn:aws:elasticloadbalancing:us-west-2:444455556666:loadbalancer/net/"    \
    "orders-cache/50dc6c495c0c9188"

static struct outcome_step planned[] = {
    { .name = OUTCOME_CACHE, .state = OUTCOME_STATE_DONE, .id = "test1" },
    { .name = OUTCOME_LOAD_BALANCER,
      .action = OUTCOME_ACTION_CREATE,
      .state = OUTCOME_STATE_PLANNED,
      .call = "CreateLoadBalancer, ModifyLoadBalancerAttributes" },
    { .name = OUTCOME_TARGETS,
      .port = 6379,
      .action = OUTCOME_ACTION_UPDATE,
      .state = OUTCOME_STATE_PLANNED,
      .call = "RegisterTargets",
      .reason = "10.0.0.6 is not registered" },
    { .name = OUTCOME_LISTENER,
      .port = 6379,
      .action = OUTCOME_ACTION_REFERENCE,
      .state = OUTCOME_STATE_DONE,
      .id = "arn:aws:elasticloadbalancing:listener" },
    { .name = OUTCOME_ENDPOINT,
      .consumer = "app",
      .action = OUTCOME_ACTION_CREATE,
      .state = OUTCOME_STATE_PLANNED,
      .call = "CreateVpcEndpoint" },
    { .name = OUTCOME_AVAILABLE,
      .consumer = "app",
      .action = OUTCOME_ACTION_WAIT,
      .state = OUTCOME_STATE_PLANNED,
      .call = "DescribeVpcEndpoints" },
};

static struct outcome_step made[] = {
    { .name = OUTCOME_LOAD_BALANCER,
      .action = OUTCOME_ACTION_CREATE,
      .state = OUTCOME_STATE_DONE,
      .id = BALANCER,
      .call = "CreateLoadBalancer, ModifyLoadBalancerAttributes",
      .calls = 3,
      .ns = 1234567890 },
    { .name = OUTCOME_ENDPOINT,
      .consumer = "app",
      .action = OUTCOME_ACTION_CREATE,
      .state = OUTCOME_STATE_DONE,
      .id = "vpce-0db3f8a1b2c3d4e5f",
      .call = "CreateVpcEndpoint",
      .calls = 1,
      .ns = 42000000 },
    { .name = OUTCOME_VERIFY,
      .consumer = "app",
      .state = OUTCOME_STATE_SKIPPED,
      .reason = "verify runs the check" },
};

static struct outcome_step drifted[] = {
    { .name = OUTCOME_TARGETS,
      .port = 6379,
      .action = OUTCOME_ACTION_UPDATE,
      .state = OUTCOME_STATE_PLANNED,
      .reason = "10.0.0.5 is stale" },
    { .name = OUTCOME_ACCEPTANCE,
      .consumer = "app",
      .action = OUTCOME_ACTION_WAIT,
      .state = OUTCOME_STATE_WAITING,
      .reason = "for the provider" },
};

static struct outcome_step gone[] = {
    { .name = OUTCOME_ENDPOINT,
      .consumer = "app",
      .action = OUTCOME_ACTION_DELETE,
      .state = OUTCOME_STATE_DONE,
      .id = "vpce-0db3f8a1b2c3d4e5f",
      .call = "DeleteVpcEndpoints",
      .calls = 2 },
    { .name = OUTCOME_LOAD_BALANCER,
      .action = OUTCOME_ACTION_DELETE,
      .state = OUTCOME_STATE_DONE,
      .id = BALANCER,
      .call = "DeleteLoadBalancer",
      .calls = 1 },
};

static struct outcome_step failed[] = {
    { .name = OUTCOME_ENDPOINT_SERVICE,
      .action = OUTCOME_ACTION_CREATE,
      .state = OUTCOME_STATE_FAILED,
      .reason = "UnauthorizedOperation: \033[31m\xff you may not",
      .calls = 1 },
};

static struct outcome_target targets[] = {
    { .address = "10.0.0.5",
      .port = 6379,
      .zone_id = "usw2-az1",
      .health = "healthy" },
    { .address = "10.0.1.5",
      .port = 6379,
      .zone_id = "usw2-az2",
      .health = "unhealthy",
      .reason = "Target.FailedHealthChecks" },
    { .address = "10.0.2.5", .port = 6379 },
};

static struct outcome_listener listeners[] = {
    { .port = 6379,
      .host = "test1.abc123.ng.0001.usw2.cache.amazonaws.com",
      .tls = true,
      .ttl_s = 5,
      .targets = targets,
      .ntargets = COUNT(targets) },
    { .port = 6380 },
};

static const char *names[] = {
    "vpce-0db3f8a1b2c3d4e5f-a1b2c3d4." SERVICE ".us-west-2.vpce.amazonaws.com",
};

static struct outcome_connection connections[] = {
    { .consumer = "app",
      .account = "111122223333",
      .endpoint_id = "vpce-0db3f8a1b2c3d4e5f",
      .state = "available",
      .ours = true,
      .dns_names = { names, COUNT(names) } },
    { .account = "222233334444",
      .endpoint_id = "vpce-0aaaaaaaaaaaaaaaa",
      .state = "pendingAcceptance" },
};

static const char *want[] = { "10.0.0.6" },
                  *have[] = { "10.0.0.5", "10.0.1.5" };

static struct outcome_drift drift[] = {
    { .step = OUTCOME_TARGETS,
      .field = "addresses",
      .want = { want, COUNT(want) },
      .have = { have, COUNT(have) } },
    { .step = OUTCOME_ENDPOINT_SECURITY_GROUP,
      .consumer = "app",
      .field = "rules",
      .want = { want, COUNT(want) } },
};

static const char *notes[] = {
    "AWS charges for the load balancer and the endpoint by the hour",
};

#define STEPS(array) .steps = (array), .nsteps = COUNT(array)

static const struct outcome scenes[SCENES] = {
    [SCENE_PLAN] = { .command = "plan",
                     .name = "orders-cache",
                     .status = OUTCOME_STATUS_CHANGES,
                     STEPS(planned),
                     .verdict = "OK",
                     .changes = 3,
                     .api_calls = 6 },
    [SCENE_APPLY] = { .command = "apply",
                      .name = "orders-cache",
                      .status = OUTCOME_STATUS_OK,
                      STEPS(made),
                      .service_name = NAME,
                      .service_id = SERVICE,
                      .listeners = listeners,
                      .nlisteners = COUNT(listeners),
                      .connections = connections,
                      .nconnections = COUNT(connections),
                      .verdict = "OK",
                      .notes = notes,
                      .nnotes = COUNT(notes),
                      .api_calls = 26,
                      .writes = 4,
                      .retries = 1 },
    [SCENE_DRIFT] = { .command = "status",
                      .name = "orders-cache",
                      .status = OUTCOME_STATUS_DRIFTED,
                      STEPS(drifted),
                      .service_name = NAME,
                      .service_id = SERVICE,
                      .listeners = listeners,
                      .nlisteners = 1,
                      .connections = connections,
                      .nconnections = 1,
                      .drift = drift,
                      .ndrift = COUNT(drift),
                      .verdict = "AWS_NO_RULE",
                      .verdict_text = "no rule admits 10.0.3.0/24",
                      .fix = "linkprobe provision apply -f orders.yml",
                      .changes = 2,
                      .api_calls = 18 },
    [SCENE_DESTROY] = { .command = "destroy",
                        .name = "orders-cache",
                        .status = OUTCOME_STATUS_OK,
                        STEPS(gone),
                        .verdict = "OK",
                        .api_calls = 11,
                        .writes = 2 },
    [SCENE_INTERRUPTED] = { .command = "destroy",
                            .name = "orders-cache",
                            .status = OUTCOME_STATUS_INTERRUPTED,
                            .steps = gone,
                            .nsteps = 1,
                            .verdict = "OK",
                            .api_calls = 1,
                            .writes = 1 },
    [SCENE_FAILED] = { .command = "apply",
                       .name = "orders-cache",
                       .status = OUTCOME_STATUS_FAILED,
                       STEPS(failed),
                       .verdict = "UNKNOWN_ERROR",
                       .error = "UnauthorizedOperation: \033[31m\xff you may "
                                "not",
                       .api_calls = 1 },
    [SCENE_NOTHING] = { .command = "connections",
                        .name = "x",
                        .status = OUTCOME_STATUS_OK },
};

const char *outcome_scene_name(enum outcome_scene scene)
{
    static const char *const scene_names[] = {
        "plan", "apply", "drift", "destroy", "interrupted", "failed", "nothing",
    };

    return scene_names[scene];
}

struct outcome outcome_scene(enum outcome_scene scene)
{
    return scenes[scene];
}
