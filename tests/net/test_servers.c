/*
 * test_servers.c -- lists of servers, resolv.conf, lines: no socket.
 */
#include "net/servers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/lines.h"
#include "net/resolve.h"
#include "support/unit.h"

static char path[] = "/tmp/servers-XXXXXX";
static char texts[512];

/* All servers and domains as one text. */
static const char *text_of(const struct net_servers *servers)
{
    size_t n = 0;
    char text[NET_ADDR_TEXT_MAX];

    texts[0] = '\0';
    for (unsigned i = 0; i < servers->naddrs; i++)
        n += (size_t)snprintf(texts + n, sizeof(texts) - n, "%s ",
                              net_addr_text(&servers->addrs[i], text));
    n += (size_t)snprintf(texts + n, sizeof(texts) - n, "|");
    for (unsigned i = 0; i < servers->ndomains; i++)
        n += (size_t)snprintf(texts + n, sizeof(texts) - n, " %s",
                              servers->domains[i]);
    return texts;
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    int fd;

    (void)state;
    (void)snprintf(path, sizeof(path), "/tmp/servers-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unsetenv("LOCALDOMAIN");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void lists_are_read_or_refused(void **state)
{
    static const struct {
        const char *list, *servers; /* NULL: refused */
    } rows[] = {
        { "10.0.0.2", "10.0.0.2:53 |" },
        { "10.0.0.2,10.0.0.3:5353", "10.0.0.2:53 10.0.0.3:5353 |" },
        { "[fd00::2]:5353", "[fd00::2]:5353 |" },
        { "[fd00::2],fd00::3", "[fd00::2]:53 [fd00::3]:53 |" },
        { "1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5,6.6.6.6,7.7.7.7,8.8.8.8",
          "1.1.1.1:53 2.2.2.2:53 3.3.3.3:53 4.4.4.4:53 5.5.5.5:53 "
          "6.6.6.6:53 7.7.7.7:53 8.8.8.8:53 |" },
        { "1.1.1.1,2.2.2.2,3.3.3.3,4.4.4.4,5.5.5.5,6.6.6.6,7.7.7.7,8.8.8.8,"
          "9.9.9.9",
          NULL },
        { "", NULL },
        { ",", NULL },
        { "10.0.0.2,", NULL },
        { ",10.0.0.2", NULL },
        { "10.0.0.2:", NULL },
        { "10.0.0.2:0", NULL },
        { "10.0.0.2:65535", "10.0.0.2:65535 |" },
        { "10.0.0.2:65536", NULL },
        { "10.0.0.2:65537", NULL },
        { "10.0.0.2:99999999999999999999", NULL },
        { "10.0.0.2:5a", NULL },
        { "10.0.0.2:53:53", NULL },
        { "[10.0.0.2]:53", NULL },
        { "[fd00::2", NULL },
        { "[fd00::2]x", NULL },
        { "[fd00::2]:", NULL },
        { "ns.example", NULL },
        { "10.0.0.2 ", NULL },
        { "10.0.0.256", NULL },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct net_servers servers = { 0 };

        assert_int_equal(net_servers_valid(rows[i].list),
                         rows[i].servers != NULL);
        assert_int_equal(net_servers_parse(&servers, rows[i].list),
                         rows[i].servers != NULL);
        if (rows[i].servers)
            assert_string_equal(text_of(&servers), rows[i].servers);
    }
}

static void resolv_conf_says_servers_and_domains(void **state)
{
    static const struct {
        const char *file, *says;
    } rows[] = {
        { "nameserver 10.0.0.2\nsearch a.example b.example\n",
          "10.0.0.2:53 | a.example b.example" },
        { "; a comment\n#nameserver 10.0.0.1\n\n"
          "nameserver\t10.0.0.2 # ours\nnameserver fd00::2\ndomain d.example.",
          "10.0.0.2:53 [fd00::2]:53 | d.example" },
        { "search a.example\ndomain b.example c.example\n",
          "127.0.0.1:53 | b.example" },
        { "domain b.example\nsearch a.example\noptions ndots:5 timeout:1\n",
          "127.0.0.1:53 | a.example" },
        { "nameserver\nnameserver x\nnameserver 10.0.0.2\nsearch . a..b c\n",
          "10.0.0.2:53 | c" },
        { "nameserver 1.0.0.1\nnameserver 1.0.0.2\nnameserver 1.0.0.3\n"
          "nameserver 1.0.0.4\nnameserver 1.0.0.5\nnameserver 1.0.0.6\n"
          "nameserver 1.0.0.7\nnameserver 1.0.0.8\nnameserver 1.0.0.9\n"
          "search a b c d e f g h i j\n",
          "1.0.0.1:53 1.0.0.2:53 1.0.0.3:53 1.0.0.4:53 1.0.0.5:53 "
          "1.0.0.6:53 1.0.0.7:53 1.0.0.8:53 | a b c d e f g h" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct net_servers servers;

        write_file(rows[i].file);
        net_servers_read(&servers, path);
        assert_string_equal(text_of(&servers), rows[i].says);
    }
}

static void without_a_file_it_is_this_machine(void **state)
{
    struct net_servers servers;
    char address[NET_ADDR_TEXT_MAX];

    (void)state;
    net_servers_read(&servers, "/nonexistent/resolv.conf");
    assert_int_equal(servers.naddrs, 1);
    assert_string_equal(net_addr_text(&servers.addrs[0], address),
                        "127.0.0.1:53");
}

static void localdomain_wins_over_the_file(void **state)
{
    struct net_servers servers;

    (void)state;
    write_file("nameserver 10.0.0.2\nsearch a.example\n");
    setenv("LOCALDOMAIN", "b.example\tc.example", 1);
    net_servers_read(&servers, path);
    assert_string_equal(text_of(&servers), "10.0.0.2:53 | b.example c.example");
    setenv("LOCALDOMAIN", "", 1);
    net_servers_read(&servers, path);
    assert_string_equal(text_of(&servers), "10.0.0.2:53 |");
    unsetenv("LOCALDOMAIN");
}

static void assert_line(struct net_lines *lines, const char *text)
{
    const char *line = net_lines_next(lines);

    assert_non_null(line);
    assert_string_equal(line, text);
}

static void lines_are_handed_out_whatever_their_length(void **state)
{
    static const char head[] = { 'o', 'n', 'e', '\n', '\n' };
    static char text[3 * NET_LINE_MAX];
    struct net_lines lines;
    const char *line;

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, head, sizeof(head));
    (void)snprintf(text + sizeof(text) - 14, 14, "\nlast\nunended");
    write_file(text);
    assert_true(net_lines_open(&lines, path));
    assert_line(&lines, "one");
    assert_line(&lines, "");
    line = net_lines_next(&lines);
    assert_non_null(line);
    assert_int_equal(strlen(line), NET_LINE_MAX - 1);
    assert_int_equal(strspn(line, "x"), NET_LINE_MAX - 1);
    assert_line(&lines, "last");
    assert_line(&lines, "unended");
    assert_null(net_lines_next(&lines));
    assert_null(net_lines_next(&lines));
    net_lines_close(&lines);
}

/* Every length around the size of the buffer. */
static void lines_may_end_at_the_edge_of_the_buffer(void **state)
{
    static char text[NET_LINE_MAX + 16];

    (void)state;
    for (size_t n = NET_LINE_MAX - 4; n < NET_LINE_MAX + 4; n++) {
        struct net_lines lines;
        const char *line;

        memset(text, 'x', n);
        memcpy(text + n, "\nnext\n", 7);
        write_file(text);
        assert_true(net_lines_open(&lines, path));
        line = net_lines_next(&lines);
        assert_non_null(line);
        assert_int_equal(strlen(line),
                         n < NET_LINE_MAX - 1 ? n : NET_LINE_MAX - 1);
        assert_line(&lines, "next");
        assert_null(net_lines_next(&lines));
        net_lines_close(&lines);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lists_are_read_or_refused),
        TEST(resolv_conf_says_servers_and_domains),
        TEST(without_a_file_it_is_this_machine),
        TEST(localdomain_wins_over_the_file),
        TEST(lines_are_handed_out_whatever_their_length),
        TEST(lines_may_end_at_the_edge_of_the_buffer),
    };

    return cmocka_run_group_tests_name("servers", tests, NULL, NULL);
}
