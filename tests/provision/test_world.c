/*
 * test_world.c -- texts are kept once, lists compare as sets, names of lanes
 * differ, and what a tag remembers is read as it was written.
 */
#include "provision/situation.h"

#include <stdio.h>
#include <string.h>

#include "provision/memory.h"
#include "provision/world/read.h"

static void no_text_is_kept_twice(void **state)
{
    const char *texts[1000];
    char text[32];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        (void)snprintf(text, sizeof(text), "text %zu", i);
        texts[i] = world_text(&now.world, NULL, text);
        assert_string_equal(texts[i], text);
    }
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        assert_ptr_equal(world_format(&now.world, "text %zu", i), texts[i]);
    assert_null(world_text(&now.world, "old", NULL));
    assert_string_equal(world_text(&now.world, NULL, ""), "");
}

static struct spec_texts list_of(const char *a, const char *b)
{
    struct spec_texts list = { 0 };

    if (a)
        world_add(&now.world, &list, a);
    if (b)
        world_add(&now.world, &list, b);
    return list;
}

static void lists_compare_as_sets(void **state)
{
    struct spec_texts ab = list_of("a", "b"), ba = list_of("b", "a");
    struct spec_texts a = list_of("a", NULL), none = { 0 };

    (void)state;
    assert_true(world_same(&ab, &ba));
    assert_false(world_same(&ab, &a));
    assert_false(world_same(&a, &ab));
    assert_true(world_same(&none, &none));
    assert_int_equal(step_lacking(&now.world, &ab, &a).n, 1);
    assert_string_equal(step_lacking(&now.world, &ab, &a).texts[0], "b");
    world_sort(&ba);
    assert_string_equal(ba.texts[0], "a");
    assert_string_equal(step_join(&now.world, &ab), "a, b");
}

static void lanes_of_one_path_have_names_of_their_own(void **state)
{
    (void)state;
    situation_file(
        "name: orders\n"
        "provider:\n"
        "  profile: owner\n"
        "  region: us-west-2\n"
        "  listeners:\n"
        "    - {port: 6379, cache: {replication_group: a}}\n"
        "    - {port: 6380, cache: {replication_group: a, endpoint: reader}}\n"
        "  load_balancers: [{suffix: one}, {suffix: two}]\n");
    assert_int_equal(now.world.ncaches, 1); /* asked once */
    assert_int_equal(now.world.nlanes, 4);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(now.world.lanes[i].group.name,
                                    now.world.lanes[k].group.name);
    }
    assert_string_not_equal(now.world.balancers[0].name,
                            now.world.balancers[1].name);
}

static void the_account_is_in_the_arn(void **state)
{
    static const struct {
        const char *arn, *account;
    } rows[] = {
        { "arn:aws:elasticache:us-west-2:111111111111:x:y", "111111111111" },
        { "arn:aws-cn:iam::222222222222:root", "222222222222" },
        { "arn:aws:elasticache:us-west-2:1111:x:y", "" },
        { "arn:aws:x:y:1234567890123:z", "" },
        { "arn:aws:x", "" },
        { "*", "" },
        { "", "" },
        { NULL, "" },
    };
    char account[16];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        world_arn_account(rows[i].arn, account);
        assert_string_equal(account, rows[i].account);
    }
}

/* What a run writes the next one reads. */
static void memory_comes_back_as_it_was(void **state)
{
    struct world_consumer *consumer = &now.world.consumers[0];
    struct world_subnet subnets[] = {
        { .id = "subnet-1", .cidr = "10.0.1.0/24" },
        { .id = "subnet-2", .cidr = "10.0.2.0/24" },
    };
    char text[MEMORY_SIZE];

    (void)state;
    consumer->subnets = subnets;
    consumer->nsubnets = ARRAY_SIZE(subnets);
    consumer->chosen = list_of("subnet-1", "subnet-2");
    assert_true(memory_of_clients(consumer, text));
    consumer->chosen = (struct spec_texts){ 0 };
    consumer->endpoint.memory = text;
    assert_true(memory_recall_clients(&now.world, consumer));
    assert_int_equal(consumer->chosen.n, 2);
    assert_string_equal(consumer->chosen.texts[1], "subnet-2");
    assert_string_equal(consumer->clients.texts[1], "10.0.2.0/24");
}

static void memory_that_does_not_fit_is_none(void **state)
{
    struct world_consumer *consumer = &now.world.consumers[0];
    struct world_subnet subnets[12];
    char ids[12][32], text[MEMORY_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(subnets); i++) {
        (void)snprintf(ids[i], sizeof(ids[i]), "subnet-%017zu", i);
        subnets[i] =
            (struct world_subnet){ .id = ids[i], .cidr = "10.100.100.0/24" };
        world_add(&now.world, &consumer->chosen, ids[i]);
    }
    consumer->subnets = subnets;
    consumer->nsubnets = ARRAY_SIZE(subnets);
    assert_false(memory_of_clients(consumer, text));
}

static void memory_of_nonsense_is_none(void **state)
{
    static const char *const texts[] = {
        "", " ", "=", "a", "a=", "=b", "a b="
    };
    struct world_consumer *consumer = &now.world.consumers[0];

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        consumer->endpoint.memory = texts[i];
        assert_false(memory_recall_clients(&now.world, consumer));
    }
}

static void drift_is_noted_once(void **state)
{
    struct spec_texts want = list_of("a", NULL), have = list_of("b", NULL);

    (void)state;
    for (int i = 0; i < 40; i++)
        world_note_drift(&now.world, OUTCOME_TARGETS, NULL, "addresses", want,
                         have);
    assert_int_equal(now.world.ndrift, 1);
    for (int i = 0; i < 40; i++)
        world_note_drift(&now.world, OUTCOME_TARGETS, NULL,
                         world_format(&now.world, "field %d", i), want, have);
    assert_int_equal(now.world.ndrift, 41);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITUATION(no_text_is_kept_twice),
        SITUATION(lists_compare_as_sets),
        SITUATION(lanes_of_one_path_have_names_of_their_own),
        SITUATION(the_account_is_in_the_arn),
        SITUATION(memory_comes_back_as_it_was),
        SITUATION(memory_that_does_not_fit_is_none),
        SITUATION(memory_of_nonsense_is_none),
        SITUATION(drift_is_noted_once),
    };

    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
