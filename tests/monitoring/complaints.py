"""What practitioners complain about, and the tests that answer it.

Threads of the tools that people use for this today.  A row is (threads, what
is asked for, the commands of ours that answer it, tests).  A test is
"FOLDER/FILE.py::NAME" below tests/; the first of a row names its thread.
Held together by test_complaints.py.
"""

BLACKBOX = "prometheus/blackbox_exporter"
EXPORTER = "oliver006/redis_exporter"
PLUGINS = "monitoring-plugins/monitoring-plugins"
OWN = "monitoring/test_complaints.py::"
SERVE = "commands/test_serve.py::"
SECRETS = "commands/test_serve_secrets.py::"

COMPLAINTS = [
    (
        [f"{BLACKBOX}#1378"],
        "probe every IP of a name",
        ["check", "watch", "serve"],
        [
            SERVE + "test_every_address_of_a_name_is_probed",
            "commands/test_dns.py::"
            "test_two_addresses_of_a_name_are_both_checked",
            "commands/test_watch.py::"
            "test_addresses_that_come_and_go_are_told",
        ],
    ),
    (
        [f"{BLACKBOX}#1512"],
        "one A record only: false alarms with load balancers in two zones",
        ["check", "serve"],
        [
            SERVE + "test_every_address_of_a_name_is_probed",
            OWN + "test_a_dead_zone_is_the_same_answer_each_time",
            "commands/test_tcp.py::test_what_one_dead_address_is_worth",
        ],
    ),
    (
        [f"{BLACKBOX}#1077", f"{BLACKBOX}#459", f"{BLACKBOX}#128"],
        "a metric for the reason of a failure",
        ["serve"],
        [SERVE + "test_a_target_that_is_down_is_an_answer_with_its_reason"],
    ),
    (
        [f"{BLACKBOX}#1528"],
        "which step of query_response failed",
        ["serve", "check"],
        [
            SERVE + "test_the_step_that_failed_is_told",
            OWN + "test_every_format_names_the_step_that_failed",
        ],
    ),
    (
        [
            f"{BLACKBOX}#1443",
            f"{BLACKBOX}#1356",
            f"{BLACKBOX}#1275",
            f"{BLACKBOX}#1235",
            f"{BLACKBOX}#960",
        ],
        "choose the DNS server",
        ["check", "serve"],
        [
            SERVE + "test_a_module_chooses_its_name_servers",
            "commands/test_dns.py::test_the_second_name_server_is_asked",
        ],
    ),
    (
        [f"{BLACKBOX}#875"],
        "tell me that the resolved address changed",
        ["serve", "watch"],
        [
            SERVE + "test_an_address_that_left_dns_loses_its_series",
            "commands/test_watch.py::"
            "test_addresses_that_come_and_go_are_told",
        ],
    ),
    (
        [f"{BLACKBOX}#1037"],
        "now and then one second: a SYN that was sent again",
        ["check", "serve"],
        [
            SERVE + "test_a_syn_that_was_lost_is_told",
            "commands/test_soft.py::test_a_segment_that_is_lost",
        ],
    ),
    (
        ["DataDog/integrations-core#10868"],
        "multiple_ips came after a case with the support",
        ["check", "watch"],
        [OWN + "test_a_watch_sees_each_of_several_addresses"],
    ),
    (
        ["redis/redis#6358", "valkey-io/libvalkey#300", "redis/hiredis#966"],
        "no other address is tried; a look-up blocks the loop",
        ["check", "serve"],
        [
            OWN + "test_a_first_address_that_refuses_does_not_hide_another",
            OWN + "test_a_slow_look_up_holds_up_nobody_else",
        ],
    ),
    (
        [
            "redis/redis#5458",
            "lablup/backend.ai#527",
            "langgenius/dify#24806",
            "immich-app/immich#30326",
        ],
        "exit status 0 on LOADING and NOAUTH: health checks lie",
        ["check"],
        [
            OWN + "test_an_error_reply_is_never_healthy",
            "commands/test_redis.py::test_a_server_that_is_still_loading",
            "commands/test_auth.py::"
            "test_no_password_where_one_is_required",
        ],
    ),
    (
        ["redis/redis#3763"],
        "minutes of waiting for a host that cannot be reached",
        ["check"],
        [
            OWN + "test_a_host_that_is_silent_costs_seconds",
            "commands/test_wait.py::test_a_stage_has_a_budget",
        ],
    ),
    (
        ["redis/redis#15602"],
        "no SNI from the name of the host",
        ["check"],
        [OWN + "test_the_name_of_the_target_is_sent_as_sni"],
    ),
    (
        ["redis/hiredis#864"],
        "TLS does not verify the name of the host",
        ["check"],
        [
            OWN + "test_a_name_that_is_not_in_the_certificate_is_no_success",
            "commands/test_tls.py::test_a_certificate_of_another_name",
        ],
    ),
    (
        [f"{EXPORTER}#1125"],
        "an SNI other than the address",
        ["serve"],
        [SECRETS + "test_a_name_for_tls_other_than_the_address"],
    ),
    (
        [f"{EXPORTER}#278"],
        "different passwords for many instances",
        ["serve"],
        [
            SECRETS + "test_credentials_go_to_the_modules_targets",
            SECRETS + "test_each_group_has_its_own_password",
        ],
    ),
    (
        [f"{EXPORTER}#328", f"{EXPORTER}#1060"],
        "the password is seen in the process list and in systemctl status",
        ["check", "serve"],
        [
            SECRETS + "test_no_page_and_no_log_shows_a_password",
            SECRETS + "test_credentials_of_systemd_are_used",
            "commands/test_secrets.py::test_it_leaves_argv_at_once",
        ],
    ),
    (
        ["prometheus-community/helm-charts#3024", "redis/redis-py#1001"],
        "ElastiCache: couldn't connect; TLS or not?",
        ["check"],
        [
            OWN + "test_tls_or_not_is_told",
            "commands/test_second_probes.py::"
            "test_plain_where_redis_speaks_tls",
        ],
    ),
    (
        ["louislam/uptime-kuma#4022"],
        "TLS and SNI; plain checks fill the log of Redis with errors",
        ["check"],
        [OWN + "test_no_check_leaves_an_error_in_the_servers_log"],
    ),
    (
        [f"{PLUGINS}#2265"],
        "the state on a timeout is to be chosen",
        ["check"],
        [
            OWN + "test_the_state_of_a_timeout_is_a_choice",
            "commands/test_formats.py::test_a_watchdog_of_the_plugin",
        ],
    ),
    (
        [f"{PLUGINS}#1890"],
        "--timeout=SECONDS:STATE",
        ["check"],
        [OWN + "test_the_state_of_a_timeout_is_a_choice"],
    ),
    (
        ["nagios-plugins/nagios-plugins#685"],
        "a timeout should be UNKNOWN, as Icinga reads it",
        ["check"],
        [OWN + "test_the_state_of_a_timeout_is_a_choice"],
    ),
    (
        ["Icinga/icinga2#1857"],
        "a decimal comma breaks perfdata",
        ["check"],
        [
            OWN + "test_perfdata_has_a_point_in_every_locale",
            "commands/test_formats.py::test_nagios_without_a_locale",
            "monitoring/test_icinga.py::test_a_service_in_each_state",
        ],
    ),
    (
        [
            "redis/node-redis#1598",
            "DandyDeveloper/charts#217",
            "haproxy/haproxy#2252",
        ],
        "idle connections die behind a load balancer; QUIT and AUTH of checks"
        " through HAProxy",
        ["check"],
        [
            OWN + "test_an_idle_connection_that_a_proxy_ends_is_told",
            OWN + "test_through_a_proxy_nothing_is_left_half_open",
        ],
    ),
    (
        ["redis/redis#3932", "IBuySpy-Shared/basecoat#63"],
        "PING says nothing of a stale replica; retry loops by hand",
        ["check"],
        [
            OWN + "test_a_replica_that_is_stale_is_not_ok",
            "commands/test_redis.py::test_a_replica_that_lost_its_primary",
            "monitoring/test_ci.py::"
            "test_it_waits_for_a_deployment_that_is_late",
        ],
    ),
]
