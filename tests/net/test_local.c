/*
 * test_local.c -- the addresses of this machine, as it has them.
 */
#include "support/unit.h"

#include <sys/socket.h>
#include <unistd.h>

#include "net/local.h"

enum {
    MAX = 8,
};

static struct net_local locals[MAX];

static unsigned ask(const char *to, unsigned max)
{
    struct net_addr addr;

    assert_true(net_addr_parse(to, 6379, &addr));
    return net_locals(&addr, locals, max);
}

static void loopback_has_one(void **state)
{
    char host[NET_ADDR_TEXT_MAX];

    (void)state;
    assert_int_equal(ask("127.0.0.9", MAX), 1);
    assert_string_equal(net_addr_host(&locals[0].addr, host), "127.0.0.1");
    assert_int_equal(net_addr_port(&locals[0].addr), 0);
    assert_int_equal(locals[0].bits, 32);
    assert_false(locals[0].astray);
}

static void there_is_none_without_a_way(void **state)
{
    (void)state;
    assert_int_equal(ask("255.255.255.255", MAX), 0);
}

/* Whatever this machine has: each can be bound, and none comes twice. */
static void each_is_an_address_of_ours(void **state)
{
    unsigned n = ask("198.18.1.69", MAX);

    (void)state;
    for (unsigned i = 0; i < n; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM, 0);

        assert_int_equal(locals[i].addr.sa.any.sa_family, AF_INET);
        assert_int_equal(
            bind(fd, &locals[i].addr.sa.any, sizeof(locals[i].addr.sa.v4)), 0);
        assert_int_equal(close(fd), 0);
        assert_in_range(locals[i].bits, 1, 32);
        for (unsigned j = 0; j < i; j++)
            assert_false(net_addr_equal(&locals[i].addr, &locals[j].addr));
    }
}

static void no_more_than_asked_for_are_told(void **state)
{
    unsigned all = ask("198.18.1.69", MAX);

    (void)state;
    assert_int_equal(ask("198.18.1.69", 1), all > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_has_one),
        cmocka_unit_test(there_is_none_without_a_way),
        cmocka_unit_test(each_is_an_address_of_ours),
        cmocka_unit_test(no_more_than_asked_for_are_told),
    };

    return cmocka_run_group_tests_name("local", tests, NULL, NULL);
}
