/*
 * test_tls_load.c -- where the module is looked for, and what may be wrong.
 *
 * The program believes that it lies in DIR/bin; each test puts something, or
 * nothing, where the module should be.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/tls_module.h"

static char dir[64];
static const char *program; /* what /proc/self/exe says; NULL: nothing */

/* NOLINTNEXTLINE(bugprone-reserved-identifier,cert-dcl*): the linker's */
ssize_t __wrap_readlink(const char *path, char *text, size_t size);

ssize_t __wrap_readlink(const char *path, char *text, size_t size)
{
    assert_string_equal(path, "/proc/self/exe");
    if (program == NULL)
        return -1;
    (void)snprintf(text, size, "%s/%s", dir, program);
    return (ssize_t)strlen(text);
}

static const char *const folders[] = {
    "bin", "lib", "lib/linkprobe", "lib/other", "lib/other/linkprobe",
};

static const char *path_of(const char *folder, const char *name)
{
    static char path[256];

    (void)snprintf(path, sizeof(path), "%s/%s/%s", dir, folder, name);
    return path;
}

static int set_up(void **state)
{
    (void)state;
    program = "bin/linkprobe";
    (void)snprintf(dir, sizeof(dir), "/tmp/linkprobe-load-XXXXXX");
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
        assert_int_equal(mkdir(path_of(folders[i], ""), 0700), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = ARRAY_SIZE(folders); i-- > 0;) {
        unlink(path_of(folders[i], NET_TLS_MODULE_FILE));
        assert_int_equal(rmdir(path_of(folders[i], "")), 0);
    }
    return rmdir(dir);
}

static void module_put(const char *folder, const char *target)
{
    assert_int_equal(symlink(target, path_of(folder, NET_TLS_MODULE_FILE)), 0);
}

static void assert_refused(const char *text)
{
    char error[512] = "";

    assert_null(net_tls_load(error, sizeof(error)));
    if (strstr(error, text) == NULL || strchr(error, '\n') != NULL)
        fail_msg("%s", error);
}

static void assert_loaded(void)
{
    char error[512] = "";
    const struct net_tls_module *module = net_tls_load(error, sizeof(error));

    assert_string_equal(error, "");
    assert_non_null(module);
    assert_int_equal(module->abi, NET_TLS_MODULE_ABI);
    assert_memory_equal(module->library(), "OpenSSL ", 8);
}

static void it_may_lie_beside_the_program(void **state)
{
    (void)state;
    module_put("bin", TLS_MODULE);
    assert_loaded();
}

static void it_may_lie_in_the_prefix(void **state)
{
    (void)state;
    module_put("lib/linkprobe", TLS_MODULE);
    assert_loaded();
}

static void a_program_that_was_replaced_finds_it_too(void **state)
{
    (void)state;
    program = "bin/linkprobe (deleted)";
    module_put("bin", TLS_MODULE);
    assert_loaded();
}

static void it_is_looked_for_nowhere_else(void **state)
{
    char before[4096];

    (void)state;
    assert_non_null(getcwd(before, sizeof(before)));
    module_put("lib/other", TLS_MODULE);
    assert_int_equal(chdir(path_of("lib/other", "")), 0);
    setenv("LD_LIBRARY_PATH", path_of("lib/other", ""), 1);
    assert_refused("linkprobe-tls.so is neither in ");
    unsetenv("LD_LIBRARY_PATH");
    assert_int_equal(chdir(before), 0);
}

static void one_of_another_version_is_refused(void **state)
{
    (void)state;
    module_put("bin", TLS_OTHER_ABI);
    module_put("lib/linkprobe", TLS_MODULE); /* no second choice */
    assert_refused("belongs to another version of linkprobe");
}

static void what_is_no_module_is_refused(void **state)
{
    (void)state;
    module_put("bin", "/proc/self/status");
    assert_refused("TLS cannot be used: ");
}

static void without_proc_it_says_so(void **state)
{
    (void)state;
    program = NULL;
    module_put("bin", TLS_MODULE);
    assert_refused("/proc/self/exe");
}

/* Last: the front keeps for good what it found first. */
static void the_front_tells_why_there_is_no_tls(void **state)
{
    const struct net_tls_config config = { .verify = NET_TLS_VERIFY_NONE };
    char error[512];

    (void)state;
    assert_null(net_tls_context_new(&config, error, sizeof(error)));
    assert_non_null(strstr(error, "linkprobe-tls.so is neither in "));
    assert_null(net_tls_library());
    module_put("bin", TLS_MODULE);
    assert_null(net_tls_context_new(&config, error, sizeof(error)));
    assert_non_null(strstr(error, "linkprobe-tls.so is neither in "));
    net_tls_context_free(NULL);
    net_tls_session_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_may_lie_beside_the_program),
        TEST(it_may_lie_in_the_prefix),
        TEST(a_program_that_was_replaced_finds_it_too),
        TEST(it_is_looked_for_nowhere_else),
        TEST(one_of_another_version_is_refused),
        TEST(what_is_no_module_is_refused),
        TEST(without_proc_it_says_so),
        TEST(the_front_tells_why_there_is_no_tls),
    };

    return cmocka_run_group_tests_name("tls_load", tests, NULL, NULL);
}
