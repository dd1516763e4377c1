/*
 * test_secret.c -- the first source wins, and nothing is left where it was.
 */
#include "support/unit.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "cli/secret.h"
#include "cli/text.h"

#define VARIABLE(text) ((char[]){ text })

static char error[ERROR_TEXT_MAX];
static char dir[] = "/tmp/linkprobe-secret-XXXXXX";
static struct secrets secrets;

static const char *path(const char *name)
{
    static char text[256];

    (void)snprintf(text, sizeof(text), "%s/%s", dir, name);
    return text;
}

static void write_bytes(const char *name, const char *bytes, size_t n)
{
    FILE *file = fopen(path(name), "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/linkprobe-secret-XXXXXX");
    error[0] = '\0';
    secrets = (struct secrets){ 0 };
    return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[300];

    (void)state;
    secrets_free(&secrets);
    (void)snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command); /* NOLINT(cert-env33-c): a folder of ours */
}

/* What `from` gives at `now_s`; NULL: none, or the error. */
static const char *get(struct secret *secret, uint64_t now_s)
{
    const char *password = NULL;

    error[0] = '\0';
    return secret_get(&secrets, secret, now_s * 1000000000, &password, error,
                      sizeof(error))
               ? password
               : NULL;
}

static void the_first_source_wins(void **state)
{
    char *environment[] = { VARIABLE("LINKPROBE_PASSWORD=env"),
                            VARIABLE("REDISCLI_AUTH=redis"), NULL, NULL };
    char credentials[300], file[256];
    struct secret secret = { 0 };

    (void)state;
    (void)snprintf(credentials, sizeof(credentials), "CREDENTIALS_DIRECTORY=%s",
                   dir);
    environment[2] = credentials;
    write_bytes("redis-password", "systemd\n", 8);
    write_bytes("file", "file\n", 5);
    strcpy(file, path("file"));
    assert_true(secrets_init(&secrets, environment, error, sizeof(error)));
    secret.from = (struct secret_from){ .url = "url",
                                        .file = file,
                                        .command = "echo command" };
    assert_string_equal(get(&secret, 1), "url");
    secret_free(&secret);
    secret.from =
        (struct secret_from){ .file = file, .command = "echo command" };
    assert_string_equal(get(&secret, 1), "file");
    secret_free(&secret);
    secret.from = (struct secret_from){ .command = "echo command" };
    assert_string_equal(get(&secret, 1), "command");
    secret_free(&secret);
    assert_string_equal(get(&secret, 1), "env");
    secret_free(&secret);
    secret_text_free(&secrets.environment);
    assert_string_equal(get(&secret, 1), "systemd");
    secret_free(&secret);
    assert_int_equal(unlink(path("redis-password")), 0);
    assert_null(get(&secret, 1));
    assert_string_equal(error, "");
    secret_free(&secret);
}

static void the_environment_forgets(void **state)
{
    char first[] = "LINKPROBE_PASSWORD=", second[] = "REDISCLI_AUTH=redis",
         third[] = "LINKPROBE_PASSWORD=late";
    char *environment[] = { VARIABLE("A=1"), first, second,
                            VARIABLE("B=2"), third, NULL };

    (void)state;
    assert_true(secrets_init(&secrets, environment, error, sizeof(error)));
    assert_string_equal(environment[0], "A=1");
    assert_string_equal(environment[1], "B=2");
    assert_null(environment[2]);
    assert_string_equal(secrets.environment.bytes, "late");
    assert_string_equal(second, "REDISCLI_AUTH=");
    assert_string_equal(third, "LINKPROBE_PASSWORD=");
}

static void redis_cli_s_variable_serves(void **state)
{
    char *environment[] = { VARIABLE("REDISCLI_AUTH=redis"), NULL };
    struct secret secret = { 0 };

    (void)state;
    assert_true(secrets_init(&secrets, environment, error, sizeof(error)));
    assert_string_equal(get(&secret, 1), "redis");
    secret_free(&secret);
}

static void the_first_line_of_a_file_is_read(void **state)
{
    static const struct {
        const char *bytes, *password;
    } files[] = {
        { "p", "p" },         { "p\n", "p" },    { "p\r\n", "p" },
        { "p q \n", "p q " }, { "p\nq\n", "p" }, { "p\r", "p\r" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        struct secret secret = { .from.file = path("f") };

        write_bytes("f", files[i].bytes, strlen(files[i].bytes));
        assert_string_equal(get(&secret, 1), files[i].password);
        secret_free(&secret);
    }
}

static void bad_files_are_told_without_their_bytes(void **state)
{
    static char large[SECRET_LENGTH_MAX + 1];
    static const struct {
        const char *bytes;
        size_t n;
        const char *error;
    } files[] = {
        { "", 0, "\" is empty; expected a password on the first line" },
        { "\nhunter2\n", 9,
          "\" is empty; expected a password on the first line" },
        { "hun\0ter2", 8, "\" holds a NUL; expected a text" },
        { large, sizeof(large), "\" is longer than 64k" },
    };

    (void)state;
    memset(large, 'x', sizeof(large));
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        struct secret secret = { .from.file = path("f") };

        write_bytes("f", files[i].bytes, files[i].n);
        assert_null(get(&secret, 1));
        assert_memory_equal(error, "--password-file: \"", 18);
        assert_non_null(strstr(error, files[i].error));
        assert_null(strstr(error, "hun"));
    }
    write_bytes("f", large, SECRET_LENGTH_MAX);
    struct secret secret = { .from.file = path("f") };
    assert_int_equal(strlen(get(&secret, 1)), SECRET_LENGTH_MAX);
    secret_free(&secret);
    secret.from.file = "/nonexistent";
    assert_null(get(&secret, 1));
    assert_string_equal(error, "--password-file: \"/nonexistent\" cannot be "
                               "read: No such file or directory");
}

static void standard_input_is_read_once_for_all(void **state)
{
    struct secret a = { .from.file = "-" }, b = { .from.file = "-" };
    int ends[2], before = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "piped\n", 6), 6);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_string_equal(get(&a, 1), "piped");
    assert_string_equal(get(&b, 1), "piped");
    assert_int_equal(dup2(before, STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(before) + close(ends[0]), 0);
}

/* A command that counts its runs in a file and prints their number. */
static char *counting(char command[600])
{
    (void)snprintf(command, 600, "echo x >> %s/n; wc -l < %s/n", dir, dir);
    return command;
}

static void a_command_is_run_as_often_as_said(void **state)
{
    char command[600];
    struct secret secret = { .from.command = counting(command) };

    (void)state;
    assert_string_equal(get(&secret, 1000), "1");
    assert_string_equal(get(&secret, 1599), "1");
    assert_string_equal(get(&secret, 1600), "2");
    assert_true(secret_rejected(&secret));
    assert_string_equal(get(&secret, 1601), "3");
    assert_false(secret_rejected(&secret));
    assert_string_equal(get(&secret, 1602), "3");
    secret_accepted(&secret);
    assert_true(secret_rejected(&secret));
    assert_string_equal(get(&secret, 1603), "4");
    secret_free(&secret);
}

static void only_a_command_is_worth_another_try(void **state)
{
    struct secret secret = { .from = { .url = "u", .command = "echo x" } };

    (void)state;
    assert_string_equal(get(&secret, 1), "u");
    assert_false(secret_rejected(&secret));
    secret_free(&secret);
}

static void bad_commands_are_told_without_their_output(void **state)
{
    static const struct {
        const char *command, *error;
    } commands[] = {
        { "echo hunter2; exit 3",
          "--password-command ended with exit status 3" },
        { "echo hunter2; kill -9 $$",
          "--password-command was killed by signal 9" },
        { "no-such-command-here",
          "--password-command ended with exit status 127 (command not "
          "found)" },
        { "true", "--password-command printed no password on its first line" },
        { "echo; echo hunter2",
          "--password-command printed no password on its first line" },
        { "printf 'hunter2\\000x\\n'",
          "--password-command printed a NUL; expected a text" },
        { "tr '\\000' x < /dev/zero",
          "--password-command printed more than 64k" },
    };

    (void)state;
    secrets.quiet = true;
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        struct secret secret = { .from.command = commands[i].command };

        assert_null(get(&secret, 1));
        assert_string_equal(error, commands[i].error);
        secret_free(&secret);
    }
}

static void a_command_that_hangs_is_killed(void **state)
{
    static const char *const commands[] = {
        "sleep 600",           "sleep 600 & wait",
        "exec >&-; sleep 600", "trap '' TERM; echo hunter2; sleep 600",
        "while :; do :; done",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        struct secret secret = { .from = { .command = commands[i],
                                           .timeout_ms = 50 } };

        assert_null(get(&secret, 1));
        assert_string_equal(error,
                            "--password-command did not end within 50ms");
        secret_free(&secret);
        assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    }
}

static void a_command_knows_its_target(void **state)
{
    struct secret secret = {
        .from = { .command = "echo $LINKPROBE_HOST/$LINKPROBE_PORT/"
                             "$LINKPROBE_USER/$LINKPROBE_PASSWORD$(cat)",
                  .host = "h",
                  .port = "1",
                  .user = "u" },
    };

    (void)state;
    assert_int_equal(setenv("LINKPROBE_HOST", "old", 1), 0);
    assert_int_equal(setenv("LINKPROBE_PASSWORD", "hunter2", 1), 0);
    assert_true(secrets_init(&secrets, environ, error, sizeof(error)));
    assert_string_equal(get(&secret, 1), "h/1/u/");
    assert_int_equal(unsetenv("LINKPROBE_HOST"), 0);
    secret_free(&secret);
}

static void secrets_forbid_core_files(void **state)
{
    struct secret_text text;
    struct rlimit limit;

    (void)state;
    assert_true(secret_text_copy(&text, "x", 1));
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
    secret_text_free(&text);
    assert_null(text.bytes);
}

static void a_pool_keeps_many(void **state)
{
    struct secret_pool pool = { 0 };
    static char large[200000];
    const char *first = secret_pool_keep(&pool, "first", 5), *last;

    (void)state;
    memset(large, 'x', sizeof(large));
    for (int i = 0; i < 10000; i++)
        assert_string_equal(secret_pool_keep(&pool, "0123456789", 10),
                            "0123456789");
    last = secret_pool_keep(&pool, large, sizeof(large));
    assert_int_equal(strlen(last), sizeof(large));
    assert_string_equal(first, "first");
    secret_pool_free(&pool);
    assert_null(pool.chunks);
}

/* Does what the kernel shows of this process have `word`? */
static bool shows(const char *file, const char *word)
{
    static char bytes[65536];
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, bytes, sizeof(bytes));

    (void)close(fd);
    return n > 0 && memmem(bytes, (size_t)n, word, strlen(word)) != NULL;
}

/* The child: hide and forget, then look at ourselves; 0: nothing is seen. */
static int child(int argc, char **argv)
{
    struct secrets mine;
    const char *secret = argc > 2 ? strstr(argv[2], "hun") : NULL;

    if (!secret || !shows("/proc/self/cmdline", "hunter2") ||
        !shows("/proc/self/environ", "hunter3"))
        return 2;
    if (!secrets_init(&mine, environ, error, sizeof(error)))
        return 3;
    secret_hide(argv[2], (size_t)(secret - argv[2]), 7);
    if (shows("/proc/self/cmdline", "hunter2"))
        return 4;
    if (shows("/proc/self/environ", "hunter3") || getenv("LINKPROBE_PASSWORD"))
        return 5;
    if (!shows("/proc/self/cmdline", "redis://u:*******@h"))
        return 6;
    return strcmp(mine.environment.bytes, "hunter3") == 0 ? 0 : 7;
}

static void the_kernel_shows_no_secret(void **state)
{
    char *argv[] = { VARIABLE("test_secret"), VARIABLE("child"),
                     VARIABLE("redis://u:hunter2@h"), NULL };
    char *environment[] = { VARIABLE("LINKPROBE_PASSWORD=hunter3"),
                            VARIABLE("ASAN_OPTIONS=detect_leaks=0"), NULL };
    int status = -1;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        (void)execve("/proc/self/exe", argv, environment);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

/* Type `keys` once asked; what the child says with its exit status. */
static int type(const char *keys, char *seen, size_t size)
{
    size_t n = 0;
    bool typed = false;
    int master, status = -1;
    pid_t pid = forkpty(&master, NULL, NULL, NULL);

    if (pid == 0) {
        struct secret secret = { .from.askpass = true };
        const char *password = get(&secret, 1);

        _exit(password && strcmp(password, "hunter2") == 0 ? 10 : 11);
    }
    while (n < size - 1) {
        ssize_t got = read(master, seen + n, size - 1 - n);

        if (got <= 0)
            break;
        n += (size_t)got;
        seen[n] = '\0';
        if (typed || !strstr(seen, "Password: "))
            continue;
        typed = true;
        if (write(master, keys, strlen(keys)) < 0)
            break;
    }
    (void)waitpid(pid, &status, 0);
    (void)close(master);
    return status;
}

/* What was seen is the question; the last line break may go with the child. */
static void assert_asked(const char *seen)
{
    assert_memory_equal(seen, "Password: ", 10);
    assert_int_equal(strspn(seen + 10, "\r\n"), strlen(seen + 10));
}

static void a_terminal_is_asked_without_echo(void **state)
{
    char seen[200];
    int status;

    (void)state;
    status = type("hunter2\n", seen, sizeof(seen));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 10);
    assert_asked(seen);
    status = type("\n", seen, sizeof(seen));
    assert_int_equal(WEXITSTATUS(status), 11);
    status = type("hun\x03", seen, sizeof(seen));
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGINT);
    assert_asked(seen);
}

/* Does the terminal behind `master` show what is typed? */
static bool echoes(int master)
{
    struct termios settings;

    assert_int_equal(tcgetattr(master, &settings), 0);
    return (settings.c_lflag & ECHO) != 0;
}

static void a_signal_leaves_the_terminal_as_it_was(void **state)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
        char seen[200] = "";
        size_t n = 0;
        int master, status = -1, terminal;
        pid_t pid = forkpty(&master, NULL, NULL, NULL);

        if (pid == 0) {
            struct secret secret = { .from.askpass = true };

            (void)get(&secret, 1);
            _exit(11);
        }
        /* it outlives the child, so that it can be looked at */
        terminal = open(ptsname(master), O_RDWR | O_NOCTTY);
        assert_true(terminal >= 0);
        while (n < sizeof(seen) - 1 && !strstr(seen, "Password: ")) {
            ssize_t got = read(master, seen + n, sizeof(seen) - 1 - n);

            assert_true(got > 0);
            n += (size_t)got;
        }
        assert_false(echoes(master));
        assert_int_equal(kill(pid, numbers[i]), 0);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), numbers[i]);
        assert_true(echoes(master));
        (void)close(terminal);
        (void)close(master);
    }
}

static void without_a_terminal_nobody_is_asked(void **state)
{
    int status = -1;
    pid_t pid = fork();

    (void)state;
    if (pid == 0) {
        struct secret secret = { .from.askpass = true };

        (void)setsid();
        _exit(get(&secret, 1) == NULL &&
                      strcmp(error, "--askpass: there is no terminal to ask "
                                    "on; use --password-file or "
                                    "--password-command") == 0
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_source_wins),
        TEST(the_environment_forgets),
        TEST(redis_cli_s_variable_serves),
        TEST(the_first_line_of_a_file_is_read),
        TEST(bad_files_are_told_without_their_bytes),
        TEST(standard_input_is_read_once_for_all),
        TEST(a_command_is_run_as_often_as_said),
        TEST(only_a_command_is_worth_another_try),
        TEST(bad_commands_are_told_without_their_output),
        TEST(a_command_that_hangs_is_killed),
        TEST(a_command_knows_its_target),
        TEST(secrets_forbid_core_files),
        TEST(a_pool_keeps_many),
        TEST(the_kernel_shows_no_secret),
        TEST(a_terminal_is_asked_without_echo),
        TEST(a_signal_leaves_the_terminal_as_it_was),
        TEST(without_a_terminal_nobody_is_asked),
    };

    if (argc > 1 && strcmp(argv[1], "child") == 0)
        return child(argc, argv);
    return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
